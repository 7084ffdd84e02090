import type { APIGatewayClientConfig } from '@aws-sdk/client-api-gateway';
import { type Send, unreadable } from './call.js';
import type { ApiGateway } from './ports.js';

/** IAM authorises API Gateway's own API by the method and the path: this is `GET /account`. */
const ACTION = 'apigateway:GET';

/** API Gateway's side of the ports. `send` makes one call and words its failure. */
export async function apiGateway(config: APIGatewayClientConfig, send: Send): Promise<ApiGateway> {
  const sdk = await import('./stack-clients.js');
  const client = new sdk.APIGatewayClient(config);

  return {
    async loggingRole() {
      const account = await send(ACTION, () => client.send(new sdk.GetAccountCommand({})));
      // Every account has these, so an answer without them says nothing about the role either (S1).
      if (!account.throttleSettings) throw unreadable(ACTION, 'no settings of the account');
      return account.cloudwatchRoleArn || null;
    },
  };
}
