import type {
  ChangePasswordCommandInput,
  ChangePasswordCommandOutput,
  DeleteUserAttributesCommandInput,
  DeleteUserAttributesCommandOutput,
  DeleteUserCommandInput,
  DeleteUserCommandOutput,
  GetUserAttributeVerificationCodeCommandInput,
  GetUserAttributeVerificationCodeCommandOutput,
  GetUserCommandInput,
  GetUserCommandOutput,
  GlobalSignOutCommandInput,
  GlobalSignOutCommandOutput,
  UpdateUserAttributesCommandInput,
  UpdateUserAttributesCommandOutput,
  VerifyUserAttributeCommandInput,
  VerifyUserAttributeCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { operation } from '../../service.ts';
import { holderOf } from './access-token.ts';
import { changeAttributes, removeAttributes } from './change-attributes.ts';
import { readable } from './client-settings.ts';
import { takeCode } from './codes.ts';
import { invalidParameter, wrongPassword } from './errors.ts';
import { sendCode } from './messages.ts';
import { checkAliases } from './new-user.ts';
import { knowsPassword, setPassword } from './passwords.ts';
import { forAnybody } from './references.ts';
import { revokeAll } from './sessions.ts';
import { checkLock, countFailure } from './sign-in-attempts.ts';
import { checkWritable } from './sign-up.ts';
import { attributeList, mfaView } from './user-view.ts';

/** What signed-in users do with their own profile; the access token is the permission. */
export const getUser = operation<GetUserCommandInput, GetUserCommandOutput>({
  demands: forAnybody,
  async run({ AccessToken }, { cloud }) {
    const { user, client } = await holderOf(cloud, AccessToken);
    return { Username: user.name, UserAttributes: attributeList(user, readable(client)), ...mfaView(user) };
  },
});

export const updateUserAttributes = operation<UpdateUserAttributesCommandInput, UpdateUserAttributesCommandOutput>({
  demands: forAnybody,
  async run(input, { cloud }) {
    const { pool, client, user } = await holderOf(cloud, input.AccessToken);
    checkWritable(
      client,
      (input.UserAttributes ?? []).map(({ Name = '' }) => Name),
    );
    const before = new Map(user.attributes);
    const changes = changeAttributes(pool, user, input.UserAttributes, cloud.clock.now());
    const context = { cloud, pool, user, clientId: client.id, metadata: input.ClientMetadata };
    const sent = [];
    for (const name of ['email', 'phone_number'] as const) {
      const isNew =
        changes.get(name) !== undefined && changes.get(name) !== '' && changes.get(name) !== before.get(name);
      const isVerified = pool.settings.AutoVerifiedAttributes?.includes(name);
      if (isNew && isVerified) sent.push(await sendCode(context, 'UpdateUserAttribute', name, name));
    }
    return { CodeDeliveryDetailsList: sent };
  },
});

export const deleteUserAttributes = operation<DeleteUserAttributesCommandInput, DeleteUserAttributesCommandOutput>({
  demands: forAnybody,
  async run(input, { cloud }) {
    const { pool, client, user } = await holderOf(cloud, input.AccessToken);
    const names = input.UserAttributeNames ?? [];
    checkWritable(client, names);
    removeAttributes(pool, user, names, cloud.clock.now());
    return {};
  },
});

export const getUserAttributeVerificationCode = operation<
  GetUserAttributeVerificationCodeCommandInput,
  GetUserAttributeVerificationCodeCommandOutput
>({
  demands: forAnybody,
  async run(input, { cloud }) {
    const { pool, client, user } = await holderOf(cloud, input.AccessToken);
    const name = addressOf(input.AttributeName);
    if (!user.attributes.has(name)) throw invalidParameter(`User has no attribute ${name}`);
    const context = { cloud, pool, user, clientId: client.id, metadata: input.ClientMetadata };
    return { CodeDeliveryDetails: await sendCode(context, 'VerifyUserAttribute', name, name) };
  },
});

export const verifyUserAttribute = operation<VerifyUserAttributeCommandInput, VerifyUserAttributeCommandOutput>({
  demands: forAnybody,
  async run(input, { cloud }) {
    const { pool, user } = await holderOf(cloud, input.AccessToken);
    const name = addressOf(input.AttributeName);
    takeCode(user, name, input.Code ?? '', cloud.clock.now());
    checkAliases(pool, { ...user, attributes: new Map([...user.attributes, [`${name}_verified`, 'true']]) });
    user.attributes.set(`${name}_verified`, 'true');
    return {};
  },
});

export const changePassword = operation<ChangePasswordCommandInput, ChangePasswordCommandOutput>({
  demands: forAnybody,
  async run(input, { cloud }) {
    const { pool, user } = await holderOf(cloud, input.AccessToken);
    const now = cloud.clock.now();
    checkLock(user, now);
    if (!knowsPassword(pool, user, input.PreviousPassword ?? '')) {
      countFailure(user, now);
      throw wrongPassword();
    }
    setPassword(pool, user, input.ProposedPassword ?? '', now);
    user.modified = new Date(now);
    return {};
  },
});

export const globalSignOut = operation<GlobalSignOutCommandInput, GlobalSignOutCommandOutput>({
  demands: forAnybody,
  async run(input, { cloud }) {
    const { pool, user } = await holderOf(cloud, input.AccessToken);
    revokeAll(pool, user.name);
    return {};
  },
});

export const deleteUser = operation<DeleteUserCommandInput, DeleteUserCommandOutput>({
  demands: forAnybody,
  async run(input, { cloud }) {
    const { pool, user } = await holderOf(cloud, input.AccessToken);
    revokeAll(pool, user.name);
    for (const { members } of pool.groups.values()) members.delete(user.name);
    pool.users.delete(user.name);
    return {};
  },
});

function addressOf(name: string | undefined): 'email' | 'phone_number' {
  if (name === 'email' || name === 'phone_number') return name;
  throw invalidParameter(`Invalid attribute name ${name}: only email and phone_number can be verified.`);
}
