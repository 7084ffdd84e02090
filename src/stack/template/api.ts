import { createHash } from 'node:crypto';
import type { Api, BridgeStack } from '../options.js';
import { logGroup } from './function.js';
import { get, type Properties, type Resource, ref, type Section, sub } from './model.js';
import { nlbArn, speaksTls, tagMap, tags } from './names.js';

/** The REST API that leads into the bridge: every path and method, through a VPC link. */
export function apiSections(options: BridgeStack): Section[] {
  const { api } = options;
  if (!api) return [];
  const parts = apiParts(options, api);
  return [
    {
      comment: `The API: every path and method goes to the bridge. ${
        api.auth === 'iam'
          ? 'Callers sign their requests with IAM credentials.'
          : 'ANYBODY ON THE INTERNET may call it: --auth none was said.'
      }`,
      resources: { Api: restApi, ...parts },
    },
    stage(api, parts),
    {
      comment:
        'The link from API Gateway to the NLB. It fails if it begins before the NLB is active, which a reference alone does not wait for.',
      resources: link(options, api),
    },
  ];
}

const restApi: Resource = {
  Type: 'AWS::ApiGateway::RestApi',
  Properties: {
    Name: ref('AWS::StackName'),
    Description: 'Leads to the ALB behind the bridge',
    EndpointConfiguration: { Types: ['REGIONAL'] },
    Tags: tags(),
  },
};

function link(options: BridgeStack, { link: version }: Api): Record<string, Resource> {
  const after = options.front.kind === 'own' ? { DependsOn: ['Nlb'] } : {};
  if (version === 'v1') {
    return {
      VpcLink: {
        Type: 'AWS::ApiGateway::VpcLink',
        ...after,
        Metadata: { 'cfn-lint': { config: { ignore_checks: ['W3005'] } } },
        Properties: { Name: ref('AWS::StackName'), TargetArns: [nlbArn(options) ?? ref('NlbArn')], Tags: tags() },
      },
    };
  }
  return {
    LinkSecurityGroup: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'The VPC link of the bridge',
        VpcId: ref('VpcId'),
        SecurityGroupEgress: [
          {
            Description: 'To the NLB',
            IpProtocol: 'tcp',
            FromPort: ref('ListenerPort'),
            ToPort: ref('ListenerPort'),
            CidrIp: '0.0.0.0/0',
          },
        ],
        Tags: tags(),
      },
    },
    VpcLink: {
      Type: 'AWS::ApiGatewayV2::VpcLink',
      ...after,
      Properties: {
        Name: ref('AWS::StackName'),
        SubnetIds: ref('SubnetIds'),
        SecurityGroupIds: [get('LinkSecurityGroup', 'GroupId')],
        Tags: tagMap(),
      },
    },
  };
}

/** What a deployment takes a snapshot of. */
function apiParts(options: BridgeStack, api: Api): Record<string, Resource> {
  const root = get('Api', 'RootResourceId');
  return {
    ProxyResource: {
      Type: 'AWS::ApiGateway::Resource',
      Properties: { RestApiId: ref('Api'), ParentId: root, PathPart: '{proxy+}' },
    },
    RootMethod: method(options, api, root, ''),
    ProxyMethod: method(options, api, ref('ProxyResource'), '{proxy}'),
  };
}

function method(options: BridgeStack, api: Api, resource: Properties, path: string): Resource {
  const authorization = api.auth === 'iam' ? 'AWS_IAM' : 'NONE';
  // The link decides where a request goes; its address says which host it is for, and whose certificate is right.
  const host = options.front.kind === 'own' && !speaksTls(options) ? '${Nlb.DNSName}' : '${BackendHost}';
  const uri = `${speaksTls(options) ? 'https' : 'http'}://${host}:\${ListenerPort}/${path}`;
  return {
    Type: 'AWS::ApiGateway::Method',
    ...(api.auth === 'none'
      ? { Metadata: { checkov: { skip: [{ id: 'CKV_AWS_59', comment: 'Said at scaffolding: --auth none.' }] } } }
      : {}),
    Properties: {
      RestApiId: ref('Api'),
      ResourceId: resource,
      HttpMethod: 'ANY',
      AuthorizationType: authorization,
      ...(path ? { RequestParameters: { 'method.request.path.proxy': true } } : {}),
      Integration: {
        Type: 'HTTP_PROXY',
        IntegrationHttpMethod: 'ANY',
        ConnectionType: 'VPC_LINK',
        ConnectionId: ref('VpcLink'),
        ...(api.link === 'v2' ? { IntegrationTarget: nlbArn(options) ?? ref('NlbArn') } : {}),
        Uri: sub(uri),
        ...(path ? { RequestParameters: { 'integration.request.path.proxy': 'method.request.path.proxy' } } : {}),
      },
    },
  };
}

function stage({ accessLog }: Api, parts: Readonly<Record<string, Resource>>): Section {
  // A deployment is a snapshot: only one of another name takes up what has changed in the API.
  const hash = createHash('sha256')
    .update(JSON.stringify([restApi, parts]))
    .digest('hex')
    .slice(0, 8);
  const deployment = `Deployment${hash}`;
  return {
    comment: 'The API as callers see it: one stage, throttled.',
    resources: {
      [deployment]: {
        Type: 'AWS::ApiGateway::Deployment',
        DependsOn: ['RootMethod', 'ProxyMethod'],
        Properties: { RestApiId: ref('Api'), Description: 'Made by lbbridge' },
      },
      ...(accessLog ? { AccessLog: logGroup() } : {}),
      Stage: {
        Type: 'AWS::ApiGateway::Stage',
        Metadata: {
          checkov: {
            skip: [
              { id: 'CKV_AWS_73', comment: 'Tracing is paid for by the request; switch it on where it is looked at.' },
              { id: 'CKV_AWS_120', comment: 'A cache would answer in the place of what stands behind the bridge.' },
              ...(accessLog ? [] : [{ id: 'CKV_AWS_76', comment: 'Said at scaffolding: --without access-log.' }]),
            ],
          },
        },
        Properties: {
          RestApiId: ref('Api'),
          DeploymentId: ref(deployment),
          StageName: 'live',
          MethodSettings: [
            {
              ResourcePath: '/*',
              HttpMethod: '*',
              ThrottlingRateLimit: ref('ThrottlingRate'),
              ThrottlingBurstLimit: ref('ThrottlingBurst'),
            },
          ],
          ...(accessLog
            ? {
                AccessLogSetting: {
                  // API Gateway wants the ARN without the `:*` that the log group's own attribute ends in.
                  DestinationArn: sub(
                    'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${AccessLog}',
                  ),
                  Format: JSON.stringify(accessLogLine),
                },
              }
            : {}),
          Tags: tags(),
        },
      },
    },
  };
}

const accessLogLine = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  ip: '$context.identity.sourceIp',
  caller: '$context.identity.caller',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  integrationStatus: '$context.integration.status',
  integrationLatency: '$context.integration.latency',
  error: '$context.error.message',
};
