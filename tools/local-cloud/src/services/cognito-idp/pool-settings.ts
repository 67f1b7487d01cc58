import type { UpdateUserPoolCommandInput } from '@aws-sdk/client-cognito-identity-provider';
import { between, lengthBetween, oneOf } from '../../constraints.ts';
import { invalidParameter, unsupported, validate } from './errors.ts';
import { checkedPolicy } from './passwords.ts';
import type { PoolSettings } from './state.ts';

/** Settings that would change what the pool does in ways the embedded cloud does not carry out. */
const lacking = [
  'DeviceConfiguration',
  'DcrConfiguration',
  'IssuerConfiguration',
  'KeyConfiguration',
  'AcrConfiguration',
] as const;

const lackingTriggers = ['CustomSMSSender', 'CustomEmailSender', 'InboundFederation'] as const;

/**
 * What a pool is told, checked and with the defaults filled in. UpdateUserPool puts all of it anew: what it does not say
 * is as by default ("UpdateUserPool": "If you don't provide a value for an attribute, Amazon Cognito sets it to its
 * default value").
 */
export function checkedSettings(input: Partial<UpdateUserPoolCommandInput>): PoolSettings {
  for (const name of lacking) if (input[name] !== undefined) throw unsupported(name);
  for (const name of lackingTriggers)
    if (input.LambdaConfig?.[name] !== undefined) throw unsupported(`trigger ${name}`);
  const mode = input.UserPoolAddOns?.AdvancedSecurityMode;
  if (mode !== undefined && mode !== 'OFF') throw unsupported(`threat protection (AdvancedSecurityMode ${mode})`);
  const factors = input.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? [];
  const passwordless = factors.filter((factor) => factor !== 'PASSWORD');
  if (passwordless.length > 0) throw unsupported(`sign-in without a password (${passwordless.join(', ')})`);
  validate(
    oneOf('mfaConfiguration', input.MfaConfiguration, ['OFF', 'ON', 'OPTIONAL']),
    oneOf('deletionProtection', input.DeletionProtection, ['ACTIVE', 'INACTIVE']),
    between(
      'adminCreateUserConfig.unusedAccountValidityDays',
      input.AdminCreateUserConfig?.UnusedAccountValidityDays,
      0,
      365,
    ),
    lengthBetween('emailVerificationMessage', input.EmailVerificationMessage, 6, 20_000),
    lengthBetween('emailVerificationSubject', input.EmailVerificationSubject, 1, 140),
  );
  checkRecovery(input);
  const PasswordPolicy = checkedPolicy(input.Policies?.PasswordPolicy);
  const days = input.AdminCreateUserConfig?.UnusedAccountValidityDays ?? PasswordPolicy.TemporaryPasswordValidityDays;
  return {
    ...stated(input),
    Policies: { PasswordPolicy, SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD'] } },
    DeletionProtection: input.DeletionProtection ?? 'INACTIVE',
    LambdaConfig: input.LambdaConfig ?? {},
    AdminCreateUserConfig: {
      AllowAdminCreateUserOnly: false,
      ...input.AdminCreateUserConfig,
      UnusedAccountValidityDays: days,
    },
    EmailConfiguration: input.EmailConfiguration ?? { EmailSendingAccount: 'COGNITO_DEFAULT' },
    VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_CODE', ...input.VerificationMessageTemplate },
    UserPoolTier: input.UserPoolTier ?? 'ESSENTIALS',
  };
}

const kept = [
  'AutoVerifiedAttributes',
  'SmsVerificationMessage',
  'EmailVerificationMessage',
  'EmailVerificationSubject',
  'SmsAuthenticationMessage',
  'UserAttributeUpdateSettings',
  'SmsConfiguration',
  'UserPoolAddOns',
  'AccountRecoverySetting',
] as const;

function stated(input: Partial<UpdateUserPoolCommandInput>): PoolSettings {
  return Object.fromEntries(kept.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])));
}

/** "RecoveryOptionType": `admin_only` stands alone. */
function checkRecovery({ AccountRecoverySetting }: Partial<UpdateUserPoolCommandInput>): void {
  const names = AccountRecoverySetting?.RecoveryMechanisms?.map(({ Name }) => Name) ?? [];
  if (names.length > 1 && names.includes('admin_only')) {
    throw invalidParameter('Invalid account recovery setting: admin_only cannot be combined with other mechanisms.');
  }
}
