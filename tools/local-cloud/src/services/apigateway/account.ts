import type {
  Account,
  GetAccountCommandInput,
  GetAccountCommandOutput,
  UpdateAccountCommandInput,
  UpdateAccountCommandOutput,
} from '@aws-sdk/client-api-gateway';
import { operation } from '../../service.ts';
import { badRequest } from './errors.ts';
import { patched, text } from './patch.ts';
import { type ApiGatewayState, stateOf } from './state.ts';

/** "Amazon API Gateway quotas": requests of an account in one region. */
export const accountThrottle = { rateLimit: 10_000, burstLimit: 5_000 };

export const getAccount = operation<GetAccountCommandInput, GetAccountCommandOutput>({
  run: (_, call) => described(stateOf(call)),
});

export const updateAccount = operation<UpdateAccountCommandInput, UpdateAccountCommandOutput>({
  run(input, call) {
    const state = stateOf(call);
    const { cloudwatchRoleArn } = patched(described(state), input.patchOperations, [
      text<Account>('/cloudwatchRoleArn', 'cloudwatchRoleArn', ['replace', 'remove']),
    ]);
    if (cloudwatchRoleArn && !/^arn:aws:iam::\d{12}:role\/.+/.test(cloudwatchRoleArn)) {
      throw badRequest('Invalid ARN specified in the request');
    }
    if (cloudwatchRoleArn) state.cloudwatchRoleArn = cloudwatchRoleArn;
    else delete state.cloudwatchRoleArn;
    return described(state);
  },
});

function described({ cloudwatchRoleArn }: ApiGatewayState): Account {
  return {
    ...(cloudwatchRoleArn && { cloudwatchRoleArn }),
    throttleSettings: accountThrottle,
    features: ['UsagePlans'],
    apiKeyVersion: '4',
  };
}
