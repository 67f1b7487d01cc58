import type { AnyOperation, Call } from '../../service.ts';
import { found, type Kind } from '../apigateway/errors.ts';
import { newId } from '../apigateway/state.ts';
import { deployChange } from './deployments.ts';
import { list } from './list.ts';
import { type HttpApi, httpApiOf } from './state.ts';

type Input = Readonly<Record<string, unknown>>;

interface Child<Item> {
  /** The member that holds its id: `RouteId`. */
  readonly id: string;
  readonly kind: Kind;
  in(api: HttpApi): Map<string, Item>;
  /** What a new one has where nothing is said. */
  defaults?(input: Input): object;
  /** Throws BadRequestException, ConflictException. */
  check(item: Item, api: HttpApi): void;
  /** Throws ConflictException where something still needs it. */
  checkDelete?(item: Item, api: HttpApi): void;
}

/** Create, Get, list, Update and Delete of what an API is made of, each of which makes a stage with AutoDeploy deploy. */
export function childOperations<Item extends object>(
  child: Child<Item>,
): Record<'create' | 'get' | 'list' | 'update' | 'delete', AnyOperation> {
  const one = (input: Input, call: Call) => {
    const api = httpApiOf(input, call);
    return { api, item: found(child.in(api), String(input[child.id]), child.kind) };
  };
  return {
    create: {
      run(input: Input, call) {
        const api = httpApiOf(input, call);
        const { ApiId: _api, ...given } = input;
        const item = { ...child.defaults?.(input), ...given, [child.id]: newId(6) } as unknown as Item;
        child.check(item, api);
        child.in(api).set(idOf(child, item), item);
        deployChange(api, call);
        return item;
      },
    },
    get: { run: (input: Input, call) => one(input, call).item },
    list: { run: (input: Input, call) => list([...child.in(httpApiOf(input, call)).values()], input) },
    update: {
      run(input: Input, call) {
        const { api, item } = one(input, call);
        const { ApiId: _api, ...given } = input;
        const after = { ...item, ...given };
        child.check(after, api);
        child.in(api).set(idOf(child, item), after);
        deployChange(api, call);
        return after;
      },
    },
    delete: {
      run(input: Input, call) {
        const { api, item } = one(input, call);
        child.checkDelete?.(item, api);
        child.in(api).delete(idOf(child, item));
        deployChange(api, call);
        return {};
      },
    },
  };
}

function idOf<Item>({ id }: Child<Item>, item: Item): string {
  return String((item as Input)[id]);
}
