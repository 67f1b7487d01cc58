import { sns as service } from '../src/services/sns/service.ts';
import type { Contract } from './contract.ts';
import { publishingClaims } from './sns-publishing.ts';
import { subscriptionClaims } from './sns-subscriptions.ts';
import { topicClaims } from './sns-topics.ts';

export const sns: Contract = {
  service,
  claims: [...topicClaims, ...subscriptionClaims, ...publishingClaims],
};
