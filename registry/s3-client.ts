// The S3 client as the store needs it: bounded in time, and without checksums that other servers refuse.
import { S3Client } from '@aws-sdk/client-s3';

/** Where the bucket is. Credentials come from the AWS SDK's own chain (environment, profile, instance role). */
export interface S3Location {
  readonly bucket: string;
  /** Prepended to every key, with a `/` between; empty for the whole bucket. */
  readonly prefix: string;
  /** URL of a server other than AWS. */
  readonly endpoint?: string | undefined;
  /** Default: the SDK's chain for AWS, `us-east-1` for an endpoint. */
  readonly region?: string | undefined;
  /** Bucket in the path instead of the host name. Default: true for an endpoint, false for AWS. */
  readonly forcePathStyle?: boolean | undefined;
}

/**
 * A client that gives up on one request after 30 s, or 5 s without a connection. `maxAttempts` counts the first
 * attempt; use 1 where the caller has to see an unknown outcome instead of the SDK's retry.
 */
export function s3Client(location: S3Location, maxAttempts: number): S3Client {
  const { endpoint, forcePathStyle } = location;
  const region = location.region ?? (endpoint === undefined ? undefined : 'us-east-1');
  return new S3Client({
    maxAttempts,
    forcePathStyle: forcePathStyle ?? endpoint !== undefined,
    // The SDK's default checksums break several S3 servers (aws/aws-sdk-js-v3#6810).
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: 5000,
      requestTimeout: 30_000,
      throwOnRequestTimeout: true,
      socketTimeout: 30_000,
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
  });
}
