import type { CloudWatchLogsClientConfig, FilteredLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import type { LogLine } from '../plan/last-sync.js';
import { type Send, unreadable } from './call.js';
import { everyPage } from './paging.js';
import type { Logs } from './ports.js';

const ACTION = 'logs:FilterLogEvents';

/** CloudWatch Logs' side of the ports. `send` makes one call and words its failure. */
export async function logs(config: CloudWatchLogsClientConfig, send: Send): Promise<Logs> {
  const sdk = await import('./stack-clients.js');
  const client = new sdk.CloudWatchLogsClient(config);

  return {
    linesWith: (logGroupName, field, since) =>
      everyPage(ACTION, async (nextToken) => {
        const command = new sdk.FilterLogEventsCommand({
          logGroupName,
          startTime: since.getTime(),
          filterPattern: `{ $.${field} >= 0 }`,
          nextToken,
        });
        const page = await send(ACTION, () => client.send(command));
        // A page without lines is no end: AWS looks for some seconds, and gives what it has found by then.
        if (!page.events) throw unreadable(ACTION, 'no list of lines');
        return { items: page.events.map(toLine), marker: page.nextToken };
      }),
  };
}

function toLine({ timestamp, message }: FilteredLogEvent): LogLine {
  if (timestamp === undefined || message === undefined) throw unreadable(ACTION, 'a line without its time or its text');
  return { at: new Date(timestamp), text: message };
}
