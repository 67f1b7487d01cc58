import { cp } from 'node:fs/promises';
import { bundle } from '@stackyard/build';

// One build context per image.
await bundle({ entries: { 'app/main': 'src/main.ts' }, outdir: 'dist' });
await cp('app', 'dist/app', { recursive: true });
await cp('router', 'dist/router', { recursive: true });
