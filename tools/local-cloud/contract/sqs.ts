import { sqs as service } from '../src/services/sqs/service.ts';
import type { Contract } from './contract.ts';
import { deadLetterClaims } from './sqs-dead-letters.ts';
import { queueClaims } from './sqs-queues.ts';
import { receivingClaims } from './sqs-receiving.ts';
import { sendingClaims } from './sqs-sending.ts';

export const sqs: Contract = {
  service,
  claims: [...queueClaims, ...sendingClaims, ...receivingClaims, ...deadLetterClaims],
};
