/**
 * What the adapters need of the SDK's clients that only `stack` uses: a part of the program of its own, loaded when it is
 * asked for. They are one part because most of their code is the SDK's, and the same.
 */
export { ACMClient, DescribeCertificateCommand } from '@aws-sdk/client-acm';
export { APIGatewayClient, GetAccountCommand } from '@aws-sdk/client-api-gateway';
export {
  AttachLoadBalancerTargetGroupsCommand,
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeLoadBalancerTargetGroupsCommand,
  DetachLoadBalancerTargetGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
export {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  ExecuteChangeSetCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
export { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
export { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
