import { bundle } from '@stackyard/build';

await bundle({ entries: { 'direct/handler': 'src/direct.ts', 'levelled/handler': 'src/levelled.ts' }, outdir: 'dist' });
