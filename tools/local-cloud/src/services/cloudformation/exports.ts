import type {
  ListExportsCommandInput,
  ListExportsCommandOutput,
  ListImportsCommandInput,
  ListImportsCommandOutput,
} from '@aws-sdk/client-cloudformation';
import { validationError } from '../../cloudformation/errors.ts';
import { exportsOf, liveStacks, stateOf } from '../../cloudformation/state.ts';

import { operation } from '../../service.ts';
import { pageOf } from './pages.ts';

export const listExports = operation<ListExportsCommandInput, ListExportsCommandOutput>({
  run(input, call) {
    const found = [...exportsOf(stateOf(call.cloud, call.account, call.region))];
    const { items, NextToken } = pageOf(found, input.NextToken);
    return {
      Exports: items.map(([Name, { stack, value }]) => ({ ExportingStackId: stack.id, Name, Value: value })),
      ...(NextToken && { NextToken }),
    };
  },
});

export const listImports = operation<ListImportsCommandInput, ListImportsCommandOutput>({
  run({ ExportName = '', NextToken: token }, call) {
    const state = stateOf(call.cloud, call.account, call.region);
    const importers = liveStacks(state).filter(({ imports }) => imports.includes(ExportName));
    if (importers.length === 0) throw validationError(`Export '${ExportName}' is not imported by any stack.`);
    const { items, NextToken } = pageOf(importers, token);
    return { Imports: items.map(({ name }) => name), ...(NextToken && { NextToken }) };
  },
});
