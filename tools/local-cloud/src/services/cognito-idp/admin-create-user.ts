import type {
  AdminCreateUserCommandInput,
  AdminCreateUserCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { lengthBetween, oneOf } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { printable, userNotFound, validate } from './errors.ts';
import { sendInvitation } from './messages.ts';
import { checkAliases, checkFree, newUser } from './new-user.ts';
import { setPassword, temporaryPassword } from './passwords.ts';
import { findUser, onPool, poolOf } from './references.ts';
import { checkedAttributes, checkRequired } from './schema.ts';
import type { User, UserPool } from './state.ts';
import { runTrigger } from './triggers.ts';
import { listed } from './user-view.ts';

/** Creates somebody with a temporary password, who chooses one at the first sign-in, and invites them. */
export const adminCreateUser = operation<AdminCreateUserCommandInput, AdminCreateUserCommandOutput>({
  demands: onPool('AdminCreateUser'),
  async run(input, call) {
    const pool = poolOf(input, call);
    const { cloud } = call;
    const { Username = '', MessageAction, ForceAliasCreation, ValidationData, ClientMetadata } = input;
    validate(
      lengthBetween('username', Username, 1, 128),
      printable('username', Username),
      oneOf('messageAction', MessageAction, ['RESEND', 'SUPPRESS']),
    );
    if (MessageAction === 'RESEND') return { User: listed(await inviteAgain(pool, input, call)) };
    const attributes = checkedAttributes(pool, input.UserAttributes);
    const user = newUser(pool, Username, attributes, cloud.clock.now());
    checkRequired(pool, user.attributes);
    checkFree(pool, Username, 'User account already exists');
    checkAliases(pool, user, ForceAliasCreation);
    const password = input.TemporaryPassword ?? temporaryPassword(pool);
    setPassword(pool, user, password, cloud.clock.now());
    user.status = 'FORCE_CHANGE_PASSWORD';
    await runTrigger(cloud, pool, 'PreSignUp_AdminCreateUser', {
      username: user.name,
      clientId: undefined,
      request: {
        userAttributes: Object.fromEntries(user.attributes),
        validationData: Object.fromEntries((ValidationData ?? []).map(({ Name, Value }) => [Name, Value])),
        clientMetadata: ClientMetadata ?? {},
      },
      response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
    });
    // The trigger takes its time: somebody of that name may be there by now.
    checkFree(pool, Username, 'User account already exists');
    pool.users.set(user.name, user);
    if (MessageAction !== 'SUPPRESS') {
      await sendInvitation({ cloud, pool, user, metadata: ClientMetadata }, password, input.DesiredDeliveryMediums);
    }
    return { User: listed(user) };
  },
});

async function inviteAgain(pool: UserPool, input: AdminCreateUserCommandInput, { cloud }: Call): Promise<User> {
  const user = findUser(pool, input.Username ?? '');
  if (!user) throw userNotFound();
  if (user.status !== 'FORCE_CHANGE_PASSWORD') {
    throw new AwsError(
      'UnsupportedUserStateException',
      `Resend not possible. ${user.status} status is not FORCE_CHANGE_PASSWORD`,
    );
  }
  const password = input.TemporaryPassword ?? temporaryPassword(pool);
  setPassword(pool, user, password, cloud.clock.now());
  await sendInvitation({ cloud, pool, user, metadata: input.ClientMetadata }, password, input.DesiredDeliveryMediums);
  return user;
}
