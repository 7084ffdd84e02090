import type { STSClientConfig, STSClientResolvedConfig } from '@aws-sdk/nested-clients/sts';
import { type Client, makeBuilder } from '@smithy/core/client';
import { getEndpointPlugin } from '@smithy/core/endpoints';
import type { HttpHandlerOptions, MetadataBearer, StaticOperationSchema, StaticStructureSchema } from '@smithy/types';
import { type Send, unreadable } from './call.js';
import type { Identity } from './ports.js';

const ACTION = 'sts:GetCallerIdentity';

/** The STS side of the ports. Its client is loaded when somebody asks, which an everyday sync never does. */
export const identity = (config: () => STSClientConfig, send: Send): Identity => ({
  async callerArn() {
    const { STSClient } = await import('@aws-sdk/nested-clients/sts');
    // Once: whoever asks goes on without the answer, and a VPC without an endpoint for STS never gives one.
    const client = new STSClient({ ...config(), maxAttempts: 1 }) as unknown as CallerClient;
    const { Arn } = await send(ACTION, () => client.send(new GetCallerIdentityCommand({})));
    if (!Arn) throw unreadable(ACTION, 'no ARN');
    return Arn;
  },
});

/*
 * The STS client that the SDK's credential providers bring along knows no operation but theirs, AssumeRole. This is the
 * missing one, in the terms in which the SDK describes all of its operations.
 */
interface Caller extends MetadataBearer {
  readonly Arn?: string;
}
type CallerClient = Client<HttpHandlerOptions, object, Caller, STSClientResolvedConfig>;

const space = 'com.amazonaws.sts';
const request: StaticStructureSchema = [3, space, 'GetCallerIdentityRequest', 0, [], []];
const response: StaticStructureSchema = [
  3,
  space,
  'GetCallerIdentityResponse',
  0,
  ['UserId', 'Account', 'Arn'],
  [0, 0, 0],
];
const operation: StaticOperationSchema = [9, space, 'GetCallerIdentity', 0, () => request, () => response];

const GetCallerIdentityCommand = makeBuilder<STSClientResolvedConfig, object, Caller>(
  {
    UseGlobalEndpoint: { type: 'builtInParams', name: 'useGlobalEndpoint' },
    UseFIPS: { type: 'builtInParams', name: 'useFipsEndpoint' },
    Endpoint: { type: 'builtInParams', name: 'endpoint' },
    Region: { type: 'builtInParams', name: 'region' },
    UseDualStack: { type: 'builtInParams', name: 'useDualstackEndpoint' },
  },
  'AWSSecurityTokenServiceV20110615',
  'STSClient',
  getEndpointPlugin,
)({}, () => [], 'GetCallerIdentity', operation);
