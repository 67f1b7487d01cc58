import type {
  CreateAccessKeyCommandInput,
  CreateAccessKeyCommandOutput,
  DeleteAccessKeyCommandInput,
  DeleteAccessKeyCommandOutput,
  ListAccessKeysCommandInput,
  ListAccessKeysCommandOutput,
  UpdateAccessKeyCommandInput,
  UpdateAccessKeyCommandOutput,
} from '@aws-sdk/client-iam';
import { issueUserKey, removeUserKey } from '../../iam/credentials.ts';
import { type AccessKey, iamState, type User } from '../../iam/state.ts';
import { type Call, operation } from '../../service.ts';
import { demand, userArn } from './demands.ts';
import { limitExceeded, noSuchEntity } from './errors.ts';
import { userNamed } from './find.ts';
import { wholeSeconds } from './outputs.ts';
import { page } from './paging.ts';
import { userNameOf } from './users.ts';

/** "IAM and AWS STS quotas" */
const mostKeys = 2;

interface UserInput {
  readonly UserName?: string | undefined;
}

const onUser = (name: string) => (input: UserInput, call: Call) => [
  demand(name, userArn(call, userNameOf(input, call))),
];

const userIn = (input: UserInput, call: Call): User =>
  userNamed(iamState(call.cloud, call.account), userNameOf(input, call));

export const accessKeyOperations = {
  CreateAccessKey: operation<CreateAccessKeyCommandInput, CreateAccessKeyCommandOutput>({
    demands: onUser('CreateAccessKey'),
    run(input, call) {
      const user = userIn(input, call);
      if (user.accessKeys.size >= mostKeys) {
        throw limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${mostKeys}`);
      }
      const { accessKeyId, secretAccessKey } = issueUserKey(call.cloud, call.account, user.name);
      const key: AccessKey = { id: accessKeyId, createDate: wholeSeconds(call), active: true };
      user.accessKeys.set(accessKeyId, key);
      return { AccessKey: { ...keyOutput(user, key), SecretAccessKey: secretAccessKey } };
    },
  }),

  ListAccessKeys: operation<ListAccessKeysCommandInput, ListAccessKeysCommandOutput>({
    demands: onUser('ListAccessKeys'),
    run(input, call) {
      const user = userIn(input, call);
      const { items, ...rest } = page(
        [...user.accessKeys.values()].map((key) => keyOutput(user, key)),
        input,
      );
      return { AccessKeyMetadata: items, ...rest };
    },
  }),

  UpdateAccessKey: operation<UpdateAccessKeyCommandInput, UpdateAccessKeyCommandOutput>({
    demands: onUser('UpdateAccessKey'),
    run(input, call) {
      keyIn(userIn(input, call), input.AccessKeyId).active = input.Status === 'Active';
      return {};
    },
  }),

  DeleteAccessKey: operation<DeleteAccessKeyCommandInput, DeleteAccessKeyCommandOutput>({
    demands: onUser('DeleteAccessKey'),
    run(input, call) {
      const user = userIn(input, call);
      const { id } = keyIn(user, input.AccessKeyId);
      user.accessKeys.delete(id);
      removeUserKey(call.cloud, id);
      return {};
    },
  }),
};

function keyIn(user: User, id: string | undefined): AccessKey {
  const key = user.accessKeys.get(id ?? '');
  if (!key) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  return key;
}

function keyOutput(user: User, key: AccessKey) {
  return {
    UserName: user.name,
    AccessKeyId: key.id,
    Status: key.active ? ('Active' as const) : ('Inactive' as const),
    CreateDate: key.createDate,
  };
}
