import type {
  CodeDeliveryDetailsType,
  ConfirmSignUpCommandInput,
  ConfirmSignUpCommandOutput,
  ResendConfirmationCodeCommandInput,
  ResendConfirmationCodeCommandOutput,
  SignUpCommandInput,
  SignUpCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { lengthBetween } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';
import { operation } from '../../service.ts';
import { writable } from './client-settings.ts';
import { takeCode } from './codes.ts';
import { codeExpired, invalidParameter, notAuthorized, printable, userNotFound, validate } from './errors.ts';
import { type MessageContext, masked, sendCode, verifiedBySignUp } from './messages.ts';
import { checkAliases, checkFree, newUser } from './new-user.ts';
import { setPassword } from './passwords.ts';
import { clientById, findUser, forAnybody } from './references.ts';
import { checkedAttributes, checkRequired } from './schema.ts';
import { checkSecretHash } from './secret-hash.ts';
import type { AppClient, UserPool } from './state.ts';
import { runTrigger, triggerAttributes } from './triggers.ts';

export const signUp = operation<SignUpCommandInput, SignUpCommandOutput>({
  demands: forAnybody,
  async run(input, { cloud }) {
    const { pool, client } = clientById(cloud, input.ClientId);
    const { Username = '', Password, ClientMetadata, ValidationData = [] } = input;
    validate(lengthBetween('username', Username, 1, 128), printable('username', Username));
    checkSecretHash(client, Username, input.SecretHash);
    if (pool.settings.AdminCreateUserConfig?.AllowAdminCreateUserOnly) {
      throw notAuthorized('SignUp is not permitted for this user pool');
    }
    const attributes = checkedAttributes(pool, input.UserAttributes);
    checkWritable(client, attributes.keys());
    const user = newUser(pool, Username, attributes, cloud.clock.now());
    setPassword(pool, user, Password ?? '', cloud.clock.now());
    checkRequired(pool, user.attributes);
    checkFree(pool, Username, 'User already exists');
    const decided = await runTrigger(cloud, pool, 'PreSignUp_SignUp', {
      username: user.name,
      clientId: client.id,
      request: {
        userAttributes: Object.fromEntries(user.attributes),
        validationData: Object.fromEntries(ValidationData.map(({ Name, Value }) => [Name, Value])),
        clientMetadata: ClientMetadata ?? {},
      },
      response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
    });
    if (decided?.['autoVerifyEmail']) user.attributes.set('email_verified', 'true');
    if (decided?.['autoVerifyPhone']) user.attributes.set('phone_number_verified', 'true');
    checkAliases(pool, user);
    // The trigger takes its time: somebody of that name may be there by now.
    checkFree(pool, Username, 'User already exists');
    pool.users.set(user.name, user);
    const context = { cloud, pool, user, clientId: client.id, metadata: ClientMetadata };
    const UserSub = user.attributes.get('sub');
    if (decided?.['autoConfirmUser']) {
      await confirm(context);
      return { UserConfirmed: true, UserSub };
    }
    const address = verifiedBySignUp(pool, user);
    const details = address && (await sendCode(context, 'SignUp', 'signup', address));
    return { UserConfirmed: false, UserSub, ...(details && { CodeDeliveryDetails: details }) };
  },
});

export const confirmSignUp = operation<ConfirmSignUpCommandInput, ConfirmSignUpCommandOutput>({
  demands: forAnybody,
  async run(input, { cloud }) {
    const { pool, client } = clientById(cloud, input.ClientId);
    const { Username = '', ConfirmationCode = '', ForceAliasCreation, ClientMetadata } = input;
    checkSecretHash(client, Username, input.SecretHash);
    const user = findUser(pool, Username);
    if (!user) throw keepsSecrets(client) ? codeExpired() : userNotFound();
    if (user.status !== 'UNCONFIRMED') {
      throw notAuthorized(`User cannot be confirmed. Current status is ${user.status}`);
    }
    takeCode(user, 'signup', ConfirmationCode, cloud.clock.now());
    const address = verifiedBySignUp(pool, user);
    if (address) {
      const attributes = new Map([...user.attributes, [`${address}_verified`, 'true']]);
      checkAliases(pool, { ...user, attributes }, ForceAliasCreation);
      user.attributes.set(`${address}_verified`, 'true');
    }
    await confirm({ cloud, pool, user, clientId: client.id, metadata: ClientMetadata });
    return {};
  },
});

export const resendConfirmationCode = operation<
  ResendConfirmationCodeCommandInput,
  ResendConfirmationCodeCommandOutput
>({
  demands: forAnybody,
  async run(input, { cloud }) {
    const { pool, client } = clientById(cloud, input.ClientId);
    const { Username = '', ClientMetadata } = input;
    checkSecretHash(client, Username, input.SecretHash);
    const user = findUser(pool, Username);
    if (!user) return { CodeDeliveryDetails: pretended(pool, client, Username) };
    if (user.status !== 'UNCONFIRMED') throw invalidParameter('User is already confirmed.');
    const address = verifiedBySignUp(pool, user);
    if (!address) throw invalidParameter('Cannot resend codes. Auto verification not turned on.');
    const context = { cloud, pool, user, clientId: client.id, metadata: ClientMetadata };
    return { CodeDeliveryDetails: await sendCode(context, 'ResendCode', 'signup', address) };
  },
});

/** From now on they can sign in. */
export async function confirm(context: MessageContext): Promise<void> {
  const { cloud, pool, user, clientId, metadata } = context;
  user.status = 'CONFIRMED';
  user.modified = new Date(cloud.clock.now());
  await runTrigger(cloud, pool, 'PostConfirmation_ConfirmSignUp', {
    username: user.name,
    clientId,
    request: { userAttributes: triggerAttributes(user), clientMetadata: metadata ?? {} },
    response: {},
  });
}

/** Throws NotAuthorizedException for an attribute that the client may not write. */
export function checkWritable(client: AppClient, names: Iterable<string>): void {
  const allowed = writable(client);
  for (const name of names) {
    if (!allowed.includes(name)) throw notAuthorized('A client attempted to write unauthorized attribute');
  }
}

/** Whether a client does not tell names nobody has from others ("Managing user existence error responses"). */
export function keepsSecrets({ settings }: AppClient): boolean {
  return settings.PreventUserExistenceErrors === 'ENABLED';
}

/** What somebody who does not exist is answered: as if a code was on its way, or UserNotFoundException. */
export function pretended(pool: UserPool, client: AppClient, name: string): CodeDeliveryDetailsType {
  if (!keepsSecrets(client)) throw new AwsError('UserNotFoundException', 'Username/client id combination not found.');
  const isEmail = name.includes('@') || !pool.settings.AutoVerifiedAttributes?.includes('phone_number');
  return isEmail
    ? {
        Destination: masked(name.includes('@') ? name : `${name}@example.com`),
        DeliveryMedium: 'EMAIL',
        AttributeName: 'email',
      }
    : { Destination: masked('+15550000000'), DeliveryMedium: 'SMS', AttributeName: 'phone_number' };
}
