import { s3Error } from './errors.ts';

const ipAddress = /^\d{1,3}(\.\d{1,3}){3}$/;
const reservedPrefixes = ['xn--', 'sthree-', 'amzn-s3-demo-'];
const reservedSuffixes = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'];

/**
 * Throws InvalidBucketName unless the name follows "General purpose bucket naming rules" (Amazon S3 User Guide,
 * bucketnamingrules.html): 3 to 63 characters of a-z, 0-9, dots and hyphens, letter or digit at both ends, no two dots in a
 * row, not shaped as an IP address, none of the reserved prefixes and suffixes.
 */
export function checkBucketName(name: string): void {
  const valid =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !ipAddress.test(name) &&
    !reservedPrefixes.some((prefix) => name.startsWith(prefix)) &&
    !reservedSuffixes.some((suffix) => name.endsWith(suffix));
  if (!valid) throw s3Error('InvalidBucketName', { BucketName: name });
}
