import { bundle } from '@stackyard/build';

await bundle({ entries: { handler: 'src/event-handler.ts' }, outdir: 'dist/direct' });
await bundle({ entries: { handler: 'src/queue-handler.ts' }, outdir: 'dist/levelled' });
