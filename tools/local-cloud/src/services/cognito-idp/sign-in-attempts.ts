import { notAuthorized } from './errors.ts';
import type { User } from './state.ts';

/**
 * "Lockout behavior for failed sign-in attempts", Cognito Developer Guide: from the fifth failure on a user is locked
 * out for 2^(n-5) seconds, about 15 minutes at most; attempts meanwhile are refused and don't count. A success, or 15
 * minutes without an attempt, start over.
 */
const free = 5;
const longestLock = 900_000;
const forgottenAfter = 900_000;

/** Throws NotAuthorizedException while somebody is locked out; failures of long ago are forgotten. */
export function checkLock(user: User, now: number): void {
  if (user.lockedUntil > now) throw notAuthorized('Password attempts exceeded');
  if (user.failedSignIns > 0 && now - Math.max(user.lastFailure, user.lockedUntil) >= forgottenAfter)
    forgetFailures(user);
}

/** Counts a wrong password, and locks the user out where there were too many. */
export function countFailure(user: User, now: number): void {
  user.failedSignIns += 1;
  user.lastFailure = now;
  if (user.failedSignIns >= free) {
    user.lockedUntil = now + Math.min(1000 * 2 ** (user.failedSignIns - free), longestLock);
  }
}

/** After a right password the count begins anew. */
export function forgetFailures(user: User): void {
  user.failedSignIns = 0;
  user.lockedUntil = 0;
}
