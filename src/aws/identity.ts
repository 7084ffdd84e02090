import type { STSClientConfig } from '@aws-sdk/client-sts';
import { type Send, unreadable } from './call.js';
import type { Identity } from './ports.js';

const ACTION = 'sts:GetCallerIdentity';

/** The STS side of the ports. Its client is loaded when somebody asks, which an everyday sync never does. */
export const identity = (config: () => STSClientConfig, send: Send): Identity => ({
  async callerArn() {
    const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
    // Once: whoever asks goes on without the answer, and a VPC without an endpoint for STS never gives one.
    const client = new STSClient({ ...config(), maxAttempts: 1 });
    const { Arn } = await send(ACTION, () => client.send(new GetCallerIdentityCommand({})));
    if (!Arn) throw unreadable(ACTION, 'no ARN');
    return Arn;
  },
});
