import type {
  CreateResourceCommandInput,
  CreateResourceCommandOutput,
  DeleteResourceCommandInput,
  DeleteResourceCommandOutput,
  GetResourceCommandInput,
  GetResourceCommandOutput,
  GetResourcesCommandInput,
  GetResourcesCommandOutput,
  Resource,
  UpdateResourceCommandInput,
  UpdateResourceCommandOutput,
} from '@aws-sdk/client-api-gateway';
import { type Call, operation } from '../../service.ts';
import { badRequest, conflict, found } from './errors.ts';
import { page } from './page.ts';
import { type PatchRule, patched } from './patch.ts';
import { apiOf } from './rest-apis.ts';
import { type Api, type ApiResource, newId } from './state.ts';

export const createResource = operation<CreateResourceCommandInput, CreateResourceCommandOutput>({
  run(input, call) {
    const api = apiOf(input, call);
    const parent = found(api.resources, input.parentId, 'Resource');
    const pathPart = input.pathPart ?? '';
    checkPlace(api, parent, pathPart);
    const resource: ApiResource = {
      id: newId(6),
      parentId: parent.id,
      pathPart,
      path: pathBelow(parent, pathPart),
      methods: new Map(),
    };
    api.resources.set(resource.id, resource);
    return described(resource, true);
  },
});

export const getResource = operation<GetResourceCommandInput, GetResourceCommandOutput>({
  run: (input, call) => described(resourceOf(input, call).resource, input.embed?.includes('methods')),
});

export const getResources = operation<GetResourcesCommandInput, GetResourcesCommandOutput>({
  run(input, call) {
    const all = [...apiOf(input, call).resources.values()];
    return page(
      all.map((resource) => described(resource, input.embed?.includes('methods'))),
      input,
    );
  },
});

export const updateResource = operation<UpdateResourceCommandInput, UpdateResourceCommandOutput>({
  run(input, call) {
    const { api, resource } = resourceOf(input, call);
    if (resource.parentId === undefined) throw badRequest('Root resource cannot be updated');
    const moved = patched({ parentId: resource.parentId, pathPart: resource.pathPart }, input.patchOperations, rules);
    const parent = found(api.resources, moved.parentId, 'Resource');
    if (`${parent.path}/`.startsWith(`${resource.path}/`)) throw badRequest('A resource cannot be moved below itself');
    checkPlace(api, parent, moved.pathPart ?? '', resource.id);
    place(api, resource, parent, moved.pathPart ?? '');
    return described(api.resources.get(resource.id) as ApiResource, true);
  },
});

export const deleteResource = operation<DeleteResourceCommandInput, DeleteResourceCommandOutput>({
  run(input, call) {
    const { api, resource } = resourceOf(input, call);
    if (resource.parentId === undefined) throw badRequest('Root resource cannot be deleted');
    const below = (one: ApiResource): ApiResource[] => [one, ...childrenOf(api, one.id).flatMap(below)];
    for (const { id } of below(resource)) api.resources.delete(id);
    return {};
  },
});

/** The resource an input names, in its API. Throws NotFoundException. */
export function resourceOf(
  input: { restApiId: string | undefined; resourceId: string | undefined },
  call: Call,
): { api: Api; resource: ApiResource } {
  const api = apiOf(input, call);
  return { api, resource: found(api.resources, input.resourceId, 'Resource') };
}

const rules: readonly PatchRule<{ parentId: string; pathPart: string | undefined }>[] = [
  {
    path: '/parentId',
    ops: ['replace'],
    apply: (target, value = '') => {
      target.parentId = value;
    },
  },
  {
    path: '/pathPart',
    ops: ['replace'],
    apply: (target, value) => {
      target.pathPart = value;
    },
  },
];

/** "CreateResource": the last path segment; a variable in braces, greedy with a plus, or plain characters. */
function checkPlace(api: Api, parent: ApiResource, pathPart: string, self?: string): void {
  if (!/^([a-zA-Z0-9._\-:$~!&'()*+,;=@%]+|\{[a-zA-Z0-9._\-:]+\+?\})$/.test(pathPart)) {
    throw badRequest(
      "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
    );
  }
  if (parent.pathPart?.endsWith('+}')) {
    throw badRequest(`Cannot create a child of a resource with a greedy path variable: ${parent.path}`);
  }
  const siblings = childrenOf(api, parent.id).filter(({ id }) => id !== self);
  if (siblings.some((one) => one.pathPart === pathPart)) {
    throw conflict(`Another resource with the same parent already has this name: ${pathPart}`);
  }
  const isVariable = (part: string | undefined) => part?.startsWith('{') && !part.endsWith('+}');
  const other = siblings.find((one) => isVariable(one.pathPart));
  if (isVariable(pathPart) && other) {
    throw badRequest(
      `A sibling (${other.pathPart}) of this resource already has a variable path part -- only one is allowed`,
    );
  }
}

function childrenOf(api: Api, id: string): ApiResource[] {
  return [...api.resources.values()].filter(({ parentId }) => parentId === id);
}

function pathBelow(parent: ApiResource, pathPart: string): string {
  return `${parent.path === '/' ? '' : parent.path}/${pathPart}`;
}

/** Puts a resource, and with it what is below, somewhere else. */
function place(api: Api, resource: ApiResource, parent: ApiResource, pathPart: string): void {
  const moved = { ...resource, parentId: parent.id, pathPart, path: pathBelow(parent, pathPart) };
  api.resources.set(resource.id, moved);
  for (const child of childrenOf(api, resource.id)) place(api, child, moved, child.pathPart ?? '');
}

function described({ methods, ...resource }: ApiResource, embed: boolean | undefined): Resource {
  if (methods.size === 0) return resource;
  const entries = [...methods].map(([name, method]) => [name, embed ? method : {}]);
  return { ...resource, resourceMethods: Object.fromEntries(entries) };
}
