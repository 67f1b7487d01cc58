import type {
  ConfirmForgotPasswordCommandInput,
  ConfirmForgotPasswordCommandOutput,
  ForgotPasswordCommandInput,
  ForgotPasswordCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { operation } from '../../service.ts';
import { takeCode } from './codes.ts';
import { codeExpired, invalidParameter, notAuthorized, userNotFound } from './errors.ts';
import { sendCode } from './messages.ts';
import { checkPassword, setPassword } from './passwords.ts';
import { clientById, findUser, forAnybody } from './references.ts';
import { checkSecretHash } from './secret-hash.ts';
import { forgetFailures } from './sign-in-attempts.ts';
import { keepsSecrets, pretended } from './sign-up.ts';
import type { User, UserPool } from './state.ts';
import { runTrigger, triggerAttributes } from './triggers.ts';

export const forgotPassword = operation<ForgotPasswordCommandInput, ForgotPasswordCommandOutput>({
  demands: forAnybody,
  async run(input, { cloud }) {
    const { pool, client } = clientById(cloud, input.ClientId);
    const { Username = '', ClientMetadata } = input;
    checkSecretHash(client, Username, input.SecretHash);
    const user = findUser(pool, Username);
    if (!user) return { CodeDeliveryDetails: pretended(pool, client, Username) };
    if (!user.enabled) throw notAuthorized('User is disabled.');
    const address = resetAddress(pool, user);
    const context = { cloud, pool, user, clientId: client.id, metadata: ClientMetadata };
    return { CodeDeliveryDetails: await sendCode(context, 'ForgotPassword', 'forgot', address) };
  },
});

export const confirmForgotPassword = operation<ConfirmForgotPasswordCommandInput, ConfirmForgotPasswordCommandOutput>({
  demands: forAnybody,
  async run(input, { cloud }) {
    const { pool, client } = clientById(cloud, input.ClientId);
    const { Username = '', ConfirmationCode = '', Password = '', ClientMetadata } = input;
    checkSecretHash(client, Username, input.SecretHash);
    const user = findUser(pool, Username);
    if (!user) throw keepsSecrets(client) ? codeExpired() : userNotFound();
    // A password that can't be is no reason to use up the code.
    checkPassword(pool, Password);
    takeCode(user, 'forgot', ConfirmationCode, cloud.clock.now());
    setPassword(pool, user, Password, cloud.clock.now());
    if (user.status === 'RESET_REQUIRED') user.status = 'CONFIRMED';
    forgetFailures(user);
    user.modified = new Date(cloud.clock.now());
    await runTrigger(cloud, pool, 'PostConfirmation_ConfirmForgotPassword', {
      username: user.name,
      clientId: client.id,
      request: { userAttributes: triggerAttributes(user), clientMetadata: ClientMetadata ?? {} },
      response: {},
    });
    return {};
  },
});

/** Where the code for another password goes. Throws NotAuthorized- and InvalidParameterException where none can be sent. */
export function resetAddress(pool: UserPool, user: User): 'email' | 'phone_number' {
  if (user.status === 'FORCE_CHANGE_PASSWORD') {
    throw notAuthorized('User password cannot be reset in the current state.');
  }
  const address = recoveryAddress(pool, user);
  if (address) return address;
  throw invalidParameter('Cannot reset password for the user as there is no registered/verified email or phone_number');
}

/** Where a user gets back in by: the verified address the pool prefers ("AccountRecoverySetting"). */
function recoveryAddress({ settings }: UserPool, user: User): 'email' | 'phone_number' | undefined {
  const byDefault = [
    { Name: 'verified_phone_number', Priority: 1 },
    { Name: 'verified_email', Priority: 2 },
  ];
  const ways = settings.AccountRecoverySetting?.RecoveryMechanisms ?? byDefault;
  const ordered = [...ways].sort((a, b) => (a.Priority ?? 1) - (b.Priority ?? 1)).map(({ Name }) => Name);
  const names = ordered.flatMap((name) =>
    name === 'verified_email' ? ['email' as const] : name === 'verified_phone_number' ? ['phone_number' as const] : [],
  );
  return names.find((name) => user.attributes.has(name) && user.attributes.get(`${name}_verified`) === 'true');
}
