import { AwsError, type Operation, type ServiceTable } from '../wire/operation.js';

const getAccount: Operation = ({ region, account }) => ({
  cloudwatchRoleArn: region.loggingRoles.get(account.id),
  throttleSettings: { burstLimit: 5000, rateLimit: 10_000 },
  apiKeyVersion: '4',
});

/** Sets the role, or takes it away by an empty value; nothing else of the account can be changed here. */
const updateAccount: Operation = (call) => {
  const { region, account, params } = call;
  for (const patch of params.list('patchOperations')) {
    const [op, path, value] = [patch.string('op'), patch.string('path'), patch.string('value')];
    if (op !== 'replace' || path !== '/cloudwatchRoleArn') {
      throw new AwsError(400, 'BadRequestException', `Invalid patch operation: ${op} ${path}`);
    }
    if (!value) region.loggingRoles.delete(account.id);
    else if (/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(value)) region.loggingRoles.set(account.id, value);
    else throw new AwsError(400, 'BadRequestException', 'Invalid ARN specified in the request');
  }
  return getAccount(call);
};

/** API Gateway: the settings that hold for a whole account and Region. */
export const apigateway: ServiceTable = {
  version: '',
  routes: { 'GET /account': 'GetAccount', 'PATCH /account': 'UpdateAccount' },
  operations: { GetAccount: getAccount, UpdateAccount: updateAccount },
};
