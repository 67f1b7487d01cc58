import { AwsError } from '../../errors.ts';
import { codeExpired, codeMismatch } from './errors.ts';
import type { User } from './state.ts';

/** Wrong codes until none is taken any more: a new one is to be asked for. */
const mostFailures = 5;

/** Takes a code that was sent; each is good once. Throws CodeMismatch-, ExpiredCode- or LimitExceededException. */
export function takeCode(user: User, purpose: string, given: string, now: number): void {
  const sent = user.codes.get(purpose);
  if (!sent || sent.expires <= now) throw codeExpired();
  if (sent.failures >= mostFailures) {
    throw new AwsError('LimitExceededException', 'Attempt limit exceeded, please try after some time.');
  }
  if (sent.code !== given) {
    sent.failures += 1;
    throw codeMismatch();
  }
  user.codes.delete(purpose);
}
