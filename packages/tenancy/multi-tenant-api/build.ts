import { cp } from 'node:fs/promises';
import { bundle } from '@stackyard/build';

await bundle({ entries: { authorizer: 'src/authorizer/handler.ts' }, outdir: 'dist/authorizer' });
await bundle({ entries: { admin: 'src/admin.ts', reconciler: 'src/reconciler.ts' }, outdir: 'dist/admin' });
await bundle({ entries: { products: 'src/products.ts' }, outdir: 'dist/products' });
await bundle({ entries: { dashboard: 'src/dashboard.ts' }, outdir: 'dist/dashboard' });
// In a folder of their own: the runtime would take dashboard.js for the handler.
await cp('src/dashboard', 'dist/dashboard/pages', { recursive: true });
