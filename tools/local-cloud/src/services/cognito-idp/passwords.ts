import { randomInt } from 'node:crypto';
import type { PasswordPolicyType } from '@aws-sdk/client-cognito-identity-provider';
import { between } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';
import { validate } from './errors.ts';
import { isPassword, newVerifier } from './srp.ts';
import type { User, UserPool } from './state.ts';

/** "Adding user pool password requirements", Cognito Developer Guide: these and no others are symbols, and the space inside. */
const symbols = '^$*.[]{}()?"!@#%&/\\,><\':;|_~`=+-';

/** What a pool has that says nothing about passwords. */
const defaultPolicy: Required<Omit<PasswordPolicyType, 'PasswordHistorySize'>> = {
  MinimumLength: 8,
  RequireUppercase: true,
  RequireLowercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
  TemporaryPasswordValidityDays: 7,
};

/** A policy with the rest filled in; "PasswordPolicyType": 6 to 99 characters, 0 to 365 days, 0 to 24 passwords. */
export function checkedPolicy(given: PasswordPolicyType | undefined): PasswordPolicyType {
  if (!given) return defaultPolicy;
  const { MinimumLength, TemporaryPasswordValidityDays, PasswordHistorySize } = given;
  const member = 'policies.passwordPolicy';
  validate(
    between(`${member}.minimumLength`, MinimumLength, 6, 99),
    between(`${member}.temporaryPasswordValidityDays`, TemporaryPasswordValidityDays, 0, 365),
    between(`${member}.passwordHistorySize`, PasswordHistorySize, 0, 24),
  );
  const unstated = { RequireUppercase: false, RequireLowercase: false, RequireNumbers: false, RequireSymbols: false };
  const { MinimumLength: length, TemporaryPasswordValidityDays: days } = defaultPolicy;
  return { MinimumLength: length, TemporaryPasswordValidityDays: days, ...unstated, ...given };
}

/** The pool’s password policy, or that of pools which say nothing. */
export function policyOf({ settings }: UserPool): PasswordPolicyType {
  return settings.Policies?.PasswordPolicy ?? defaultPolicy;
}

/** Throws InvalidPasswordException with the first rule of the pool's policy that a password breaks. */
export function checkPassword(pool: UserPool, password: string): void {
  const policy = policyOf(pool);
  const refuse = (problem: string) => {
    throw new AwsError('InvalidPasswordException', `Password did not conform with policy: ${problem}`);
  };
  if ([...password].length < (policy.MinimumLength ?? 6)) refuse('Password not long enough');
  if (password.length > 256) refuse('Password must not be longer than 256 characters');
  if (password.trim() !== password) refuse('Password must not have leading or trailing spaces');
  if (policy.RequireUppercase && !/[A-Z]/.test(password)) refuse('Password must have uppercase characters');
  if (policy.RequireLowercase && !/[a-z]/.test(password)) refuse('Password must have lowercase characters');
  if (policy.RequireNumbers && !/[0-9]/.test(password)) refuse('Password must have numeric characters');
  const hasSymbol = [...password].some((letter) => symbols.includes(letter) || letter === ' ');
  if (policy.RequireSymbols && !hasSymbol) refuse('Password must have symbol characters');
}

/** Gives a user a password that the policy, and the pool's memory of earlier ones, allow. */
export function setPassword(pool: UserPool, user: User, password: string, now: number): void {
  checkPassword(pool, password);
  const remembered = policyOf(pool).PasswordHistorySize ?? 0;
  const earlier = user.passwordHistory.slice(0, remembered);
  if (earlier.some((known) => isPassword(known, nameOf(pool), user.name, password))) {
    throw new AwsError(
      'PasswordHistoryPolicyViolationException',
      'Password has previously been used. Please select another.',
    );
  }
  user.password = newVerifier(nameOf(pool), user.name, password);
  user.passwordHistory.unshift(user.password);
  user.passwordHistory.length = Math.min(user.passwordHistory.length, 24);
  user.passwordSet = now;
}

/** Is this the user’s password? */
export function knowsPassword(pool: UserPool, user: User, password: string): boolean {
  return user.password !== undefined && isPassword(user.password, nameOf(pool), user.name, password);
}

/** What SRP mixes into passwords: the pool's ID without its region. */
export function nameOf({ id }: UserPool): string {
  return id.slice(id.indexOf('_') + 1);
}

const day = 86_400_000;

/** Whether a temporary password is too old to sign in with. */
export function isStale(pool: UserPool, user: User, now: number): boolean {
  const days = policyOf(pool).TemporaryPasswordValidityDays || 7;
  return user.status === 'FORCE_CHANGE_PASSWORD' && now > user.passwordSet + days * day;
}

/** A password for somebody who is invited without one; it satisfies every policy. */
export function temporaryPassword(pool: UserPool): string {
  const kinds = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnopqrstuvwxyz', '23456789', '!@#%&*?'];
  const length = Math.max(8, policyOf(pool).MinimumLength ?? 8);
  return Array.from({ length }, (_, place) => pick(kinds[place % kinds.length] as string)).join('');
}

function pick(letters: string): string {
  return letters[randomInt(letters.length)] as string;
}
