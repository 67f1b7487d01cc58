import { isAlias, isMap, isScalar, isSeq, type Tags, type YAMLMap, type YAMLSeq } from 'yaml';
import { aliasError } from './errors.ts';

/** Functions with a short form in YAML: "Intrinsic function reference", CloudFormation Template Reference. */
const shortForms = [
  'And',
  'Base64',
  'Cidr',
  'Condition',
  'Equals',
  'FindInMap',
  'GetAtt',
  'GetAZs',
  'GetStackOutput',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'Ref',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
];

/** The full name of a short form: `Ref` and `Condition` have no `Fn::`. */
const fullName = (name: string) => (name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`);

/** `!GetAtt A.B.C` names the resource before the first dot and its attribute after it. */
function scalarArgument(name: string, text: string): unknown {
  if (name !== 'GetAtt') return text;
  const [logicalId, ...attribute] = text.split('.');
  return [logicalId, attribute.join('.')];
}

/** Custom tags that turn `!Sub text` into `{ "Fn::Sub": "text" }`, for the `yaml` library. */
export const cloudFormationTags: Tags = shortForms.flatMap((name) => [
  { tag: `!${name}`, resolve: (text: string) => ({ [fullName(name)]: scalarArgument(name, text) }) },
  {
    tag: `!${name}`,
    collection: 'seq' as const,
    resolve: (items: YAMLMap | YAMLSeq) => ({ [fullName(name)]: plain(items) }),
  },
  {
    tag: `!${name}`,
    collection: 'map' as const,
    resolve: (items: YAMLMap | YAMLSeq) => ({ [fullName(name)]: plain(items) }),
  },
]);

/** A parsed node as data. Nodes already resolved by a tag inside are data themselves. */
function plain(node: unknown): unknown {
  if (isMap(node)) return Object.fromEntries(node.items.map(({ key, value }) => [String(plain(key)), plain(value)]));
  if (isSeq(node)) return node.items.map(plain);
  if (isAlias(node)) throw aliasError();
  return isScalar(node) ? node.value : node;
}
