import type { DescribeEventBusCommandOutput } from '@aws-sdk/client-eventbridge';
import type { Cloud } from '../../service.ts';
import type { CreateRequest, Properties, ResourceProvider, ResourceRequest, UpdateRequest } from '../provider.ts';
import { unlessGone } from './calls.ts';

/** One statement of a bus's policy, given whole or by its parts. */
export const eventsEventBusPolicy: ResourceProvider = {
  type: 'AWS::Events::EventBusPolicy',
  properties: ['Action', 'Condition', 'EventBusName', 'Principal', 'Statement', 'StatementId'],
  create: put,
  update: put,
  async delete({ call, properties }) {
    const { EventBusName, StatementId } = properties;
    await unlessGone(['ResourceNotFoundException'], () =>
      call('events', 'RemovePermission', { EventBusName, StatementId }),
    );
  },
};

async function put(request: CreateRequest | UpdateRequest) {
  const { call, properties } = request;
  const { Action, Condition, EventBusName, Principal, Statement, StatementId } = properties;
  if (Statement) await inTurn(request, () => putStatement(request, { ...Statement, Sid: StatementId }));
  else await call('events', 'PutPermission', { Action, Condition, EventBusName, Principal, StatementId });
  return { physicalId: `${EventBusName ?? 'default'}|${StatementId}` };
}

/** The API takes a whole policy, or a statement by its parts; this puts a whole statement among the others. */
async function putStatement({ call, properties }: ResourceRequest, statement: Properties): Promise<void> {
  const { EventBusName } = properties;
  const { Policy = '{}' } = await call<DescribeEventBusCommandOutput>('events', 'DescribeEventBus', {
    Name: EventBusName,
  });
  const { Statement = [] } = JSON.parse(Policy) as { Statement?: Properties | readonly Properties[] };
  const others = [Statement].flat().filter((one) => one['Sid'] !== statement['Sid']);
  const policy = { Version: '2012-10-17', Statement: [...others, statement] };
  await call('events', 'PutPermission', { EventBusName, Policy: JSON.stringify(policy) });
}

const turns = new WeakMap<Cloud, Promise<unknown>>();

/** Reading and writing a policy is not one step: resources that are made side by side take turns. */
function inTurn(request: ResourceRequest, run: () => Promise<void>): Promise<void> {
  const before = turns.get(request.cloud) ?? Promise.resolve();
  const turn = before.then(run);
  turns.set(
    request.cloud,
    turn.catch(() => undefined),
  );
  return turn;
}
