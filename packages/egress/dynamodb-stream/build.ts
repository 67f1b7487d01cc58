import { bundle } from '@stackyard/build';

await bundle({ entries: { handler: 'src/handler.ts' }, outdir: 'dist' });
