import { AwsError, List, type Operation, type ServiceTable } from '../wire/operation.js';

const PAGE = 10_000;

/** The page token is the number of lines that came before. */
const filterLogEvents: Operation = ({ params, region, account }) => {
  const name = params.string('logGroupName');
  const group = region.logGroups.get(name ?? '');
  if (group?.ownerId !== account.id) {
    throw new AwsError(400, 'ResourceNotFoundException', 'The specified log group does not exist.');
  }
  const [from, to] = [params.integer('startTime') ?? 0, params.integer('endTime') ?? Number.POSITIVE_INFINITY];
  const matches = matcher(params.string('filterPattern') ?? '');
  const found = group.events
    .filter(({ at, message }) => at >= from && at <= to && matches(message))
    .sort((one, other) => one.at - other.at);
  const start = params.integer('nextToken') ?? 0;
  const end = start + Math.min(params.integer('limit') ?? PAGE, PAGE);
  return {
    events: new List(
      found.slice(start, end).map(({ at, stream, message }, index) => ({
        logStreamName: stream,
        timestamp: at,
        message,
        ingestionTime: at,
        eventId: String(start + index),
      })),
    ),
    searchedLogStreams: new List([]),
    nextToken: end < found.length ? String(end) : undefined,
  };
};

/** Of the pattern language: none, and one comparison of a number in JSON. What is not modelled matches nothing in silence. */
function matcher(pattern: string): (message: string) => boolean {
  if (pattern === '') return () => true;
  const [, field = '', limit] = /^\{ \$\.(\w+) >= (\d+) \}$/.exec(pattern) ?? [];
  if (limit === undefined) {
    throw new AwsError(400, 'InvalidParameterException', `Invalid filter pattern: ${pattern} is not modelled`);
  }
  return (message) => {
    try {
      const value: unknown = JSON.parse(message)?.[field];
      return typeof value === 'number' && value >= Number(limit);
    } catch {
      return false;
    }
  };
}

/** CloudWatch Logs: looking for lines. CloudFormation makes the groups; a function that would write to them runs elsewhere. */
export const logs: ServiceTable = { version: '', operations: { FilterLogEvents: filterLogEvents } };
