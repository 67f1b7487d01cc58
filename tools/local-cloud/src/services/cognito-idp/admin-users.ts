import type {
  AdminConfirmSignUpCommandInput,
  AdminConfirmSignUpCommandOutput,
  AdminDeleteUserAttributesCommandInput,
  AdminDeleteUserAttributesCommandOutput,
  AdminDeleteUserCommandInput,
  AdminDeleteUserCommandOutput,
  AdminDisableUserCommandInput,
  AdminDisableUserCommandOutput,
  AdminEnableUserCommandInput,
  AdminEnableUserCommandOutput,
  AdminGetUserCommandInput,
  AdminGetUserCommandOutput,
  AdminResetUserPasswordCommandInput,
  AdminResetUserPasswordCommandOutput,
  AdminSetUserPasswordCommandInput,
  AdminSetUserPasswordCommandOutput,
  AdminUpdateUserAttributesCommandInput,
  AdminUpdateUserAttributesCommandOutput,
  AdminUserGlobalSignOutCommandInput,
  AdminUserGlobalSignOutCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { operation } from '../../service.ts';
import { changeAttributes, removeAttributes } from './change-attributes.ts';
import { notAuthorized } from './errors.ts';
import { resetAddress } from './forgot-password.ts';
import { sendCode } from './messages.ts';
import { setPassword } from './passwords.ts';
import { onPool, poolOf, userOf } from './references.ts';
import { revokeAll } from './sessions.ts';
import { confirm } from './sign-up.ts';
import { attributeList, mfaView } from './user-view.ts';

export const adminGetUser = operation<AdminGetUserCommandInput, AdminGetUserCommandOutput>({
  demands: onPool('AdminGetUser'),
  run(input, call) {
    const user = userOf(poolOf(input, call), input.Username);
    return {
      Username: user.name,
      UserAttributes: attributeList(user),
      UserCreateDate: user.created,
      UserLastModifiedDate: user.modified,
      Enabled: user.enabled,
      UserStatus: user.status,
      ...mfaView(user),
    };
  },
});

export const adminSetUserPassword = operation<AdminSetUserPasswordCommandInput, AdminSetUserPasswordCommandOutput>({
  demands: onPool('AdminSetUserPassword'),
  run(input, call) {
    const pool = poolOf(input, call);
    const user = userOf(pool, input.Username);
    setPassword(pool, user, input.Password ?? '', call.cloud.clock.now());
    user.status = input.Permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD';
    user.modified = new Date(call.cloud.clock.now());
    return {};
  },
});

export const adminUpdateUserAttributes = operation<
  AdminUpdateUserAttributesCommandInput,
  AdminUpdateUserAttributesCommandOutput
>({
  demands: onPool('AdminUpdateUserAttributes'),
  run(input, call) {
    const pool = poolOf(input, call);
    changeAttributes(pool, userOf(pool, input.Username), input.UserAttributes, call.cloud.clock.now());
    return {};
  },
});

export const adminDeleteUserAttributes = operation<
  AdminDeleteUserAttributesCommandInput,
  AdminDeleteUserAttributesCommandOutput
>({
  demands: onPool('AdminDeleteUserAttributes'),
  run(input, call) {
    const pool = poolOf(input, call);
    removeAttributes(pool, userOf(pool, input.Username), input.UserAttributeNames ?? [], call.cloud.clock.now());
    return {};
  },
});

export const adminDeleteUser = operation<AdminDeleteUserCommandInput, AdminDeleteUserCommandOutput>({
  demands: onPool('AdminDeleteUser'),
  run(input, call) {
    const pool = poolOf(input, call);
    const { name } = userOf(pool, input.Username);
    revokeAll(pool, name);
    for (const { members } of pool.groups.values()) members.delete(name);
    pool.users.delete(name);
    return {};
  },
});

/** Tokens are revoked: "AdminDisableUser: Deactivates a user and revokes all access tokens". */
export const adminDisableUser = operation<AdminDisableUserCommandInput, AdminDisableUserCommandOutput>({
  demands: onPool('AdminDisableUser'),
  run(input, call) {
    const pool = poolOf(input, call);
    const user = userOf(pool, input.Username);
    user.enabled = false;
    user.modified = new Date(call.cloud.clock.now());
    revokeAll(pool, user.name);
    return {};
  },
});

export const adminEnableUser = operation<AdminEnableUserCommandInput, AdminEnableUserCommandOutput>({
  demands: onPool('AdminEnableUser'),
  run(input, call) {
    const user = userOf(poolOf(input, call), input.Username);
    user.enabled = true;
    user.modified = new Date(call.cloud.clock.now());
    return {};
  },
});

export const adminUserGlobalSignOut = operation<
  AdminUserGlobalSignOutCommandInput,
  AdminUserGlobalSignOutCommandOutput
>({
  demands: onPool('AdminUserGlobalSignOut'),
  run(input, call) {
    const pool = poolOf(input, call);
    revokeAll(pool, userOf(pool, input.Username).name);
    return {};
  },
});

export const adminConfirmSignUp = operation<AdminConfirmSignUpCommandInput, AdminConfirmSignUpCommandOutput>({
  demands: onPool('AdminConfirmSignUp'),
  async run(input, call) {
    const { cloud } = call;
    const pool = poolOf(input, call);
    const user = userOf(pool, input.Username);
    if (user.status !== 'UNCONFIRMED')
      throw notAuthorized(`User cannot be confirmed. Current status is ${user.status}`);
    await confirm({ cloud, pool, user, metadata: input.ClientMetadata });
    return {};
  },
});

/** The password is void until the user sets one with the code that is sent. */
export const adminResetUserPassword = operation<
  AdminResetUserPasswordCommandInput,
  AdminResetUserPasswordCommandOutput
>({
  demands: onPool('AdminResetUserPassword'),
  async run(input, call) {
    const { cloud } = call;
    const pool = poolOf(input, call);
    const user = userOf(pool, input.Username);
    const address = resetAddress(pool, user);
    user.status = 'RESET_REQUIRED';
    await sendCode({ cloud, pool, user, metadata: input.ClientMetadata }, 'ForgotPassword', 'forgot', address);
    return {};
  },
});
