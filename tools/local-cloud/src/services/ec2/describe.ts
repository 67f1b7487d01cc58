import type { Filter, Tag } from '@aws-sdk/client-ec2';
import { matchSymbols, type Symbols, wildcards } from '../../iam/pattern.ts';
import type { AnyOperation } from '../../service.ts';
import { tagList } from '../../tag-list.ts';
import { ec2Error, missing, type ResourceKind } from './errors.ts';
import { ec2Operation, onAll } from './operation.ts';
import type { Ec2State } from './state.ts';
import { ec2State } from './store.ts';

type Values = string | number | boolean | undefined | readonly (string | undefined)[];

/** The filters of one kind by their documented names: what of an item they look at. */
export type Filters<Item> = Readonly<Record<string, (item: Item) => Values>>;

/**
 * The items that pass every filter; within one filter any of the values will do, `*` and `?` stand for any text and any
 * character ("Filter", Amazon EC2 API Reference).
 */
export function filtered<Item>(
  items: readonly Item[],
  filters: readonly Filter[] | undefined,
  known: Filters<Item>,
): readonly Item[] {
  return (filters ?? []).reduce((left, { Name = '', Values = [] }) => {
    const look = known[Name] ?? tagFilter<Item>(Name);
    if (!look) throw ec2Error('InvalidParameterValue', `The filter '${Name}' is invalid`);
    const patterns = Values.map(pattern);
    return left.filter((item) =>
      texts(look(item)).some((text) => patterns.some((symbols) => matchSymbols(symbols, text))),
    );
  }, items);
}

function tagFilter<Item>(name: string): ((item: Item) => Values) | undefined {
  const tagsOf = (item: Item) => (item as { Tags?: Tag[] }).Tags ?? [];
  if (name === 'tag-key') return (item) => tagsOf(item).map(({ Key }) => Key);
  if (!name.startsWith('tag:')) return undefined;
  const key = name.slice('tag:'.length);
  return (item) => tagsOf(item).flatMap(({ Key, Value }) => (Key === key ? [Value] : []));
}

function texts(values: Values): readonly string[] {
  const list = Array.isArray(values) ? values : [values];
  return list.filter((value) => value !== undefined).map(String);
}

/** A backslash makes the next character mean itself. */
function pattern(text: string): Symbols {
  return text.split(/(\\.)/s).flatMap((part) => (/^\\./s.test(part) ? [...part.slice(1)] : wildcards(part)));
}

interface PageInput {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/** One page ("Pagination", Amazon EC2 API Reference: MaxResults is 5 to 1000 in most operations). */
export function paged<Item>(
  all: readonly Item[],
  { MaxResults = 1000, NextToken }: PageInput,
): { items: Item[]; NextToken?: string } {
  if (MaxResults < 5 || MaxResults > 1000) {
    throw ec2Error(
      'InvalidParameterValue',
      `Value ( ${MaxResults} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.`,
    );
  }
  const start = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, 'base64url').toString());
  if (!Number.isInteger(start)) throw ec2Error('InvalidNextToken', `The token '${NextToken}' is invalid`);
  const end = start + MaxResults;
  const more = end < all.length;
  return {
    items: all.slice(start, end),
    ...(more && { NextToken: Buffer.from(String(end)).toString('base64url') }),
  };
}

/** The items with these IDs, or all. Throws for the first that is not there. */
export function selected<Item>(
  store: ReadonlyMap<string, Item>,
  ids: readonly string[] | undefined,
  kind: ResourceKind,
): Item[] {
  if (!ids || ids.length === 0) return [...store.values()];
  return ids.map((id) => found(store, id, kind));
}

/** Throws the kind's NotFound error. */
export function found<Item>(store: ReadonlyMap<string, Item>, id: string | undefined, kind: ResourceKind): Item {
  const item = store.get(id ?? '');
  if (item === undefined) throw missing[kind](id ?? '');
  return item;
}

interface Description<Item, Shown> {
  readonly name: string;
  readonly kind: ResourceKind;
  readonly store: (state: Ec2State) => ReadonlyMap<string, Item>;
  /** The member of the request that names IDs, and the one of the answer that has the items. */
  readonly members: readonly [ids: string, items: string];
  readonly id: (item: Item) => string;
  readonly filters: Filters<Shown>;
  /** What is answered of an item, where that is not the item itself. */
  readonly show?: (item: Item, state: Ec2State) => Shown;
}

/** `DescribeX`, which is alike for all kinds: by ID, filtered, with tags, page by page. */
export function describeOperation<Item extends object, Shown extends object = Item>(
  description: Description<Item, Shown>,
): AnyOperation {
  const { name, kind, store, members, id, filters, show } = description;
  const [idsMember, itemsMember] = members;
  return ec2Operation<Record<string, unknown>, object>(name, onAll, (input, call) => {
    const state = ec2State(call.cloud, call);
    const chosen = selected(store(state), input[idsMember] as string[] | undefined, kind);
    const shown = chosen.map((item) => ({
      ...((show ? show(item, state) : item) as unknown as Shown),
      Tags: tagList(state.tags.get(id(item)) ?? []),
    }));
    // NAT gateways and flow logs call their list of filters `Filter`.
    const wanted = (input['Filters'] ?? input['Filter']) as Filter[] | undefined;
    const { items, NextToken } = paged(filtered(shown, wanted, filters as Filters<Shown & { Tags: Tag[] }>), input);
    return { [itemsMember]: items, NextToken };
  });
}
