import { bundle } from '@stackyard/build';

await bundle({ entries: { authorizer: 'src/authorizer/handler.ts' }, outdir: 'dist/authorizer' });
await bundle({ entries: { admin: 'src/admin.ts', reconciler: 'src/reconciler.ts' }, outdir: 'dist/admin' });
await bundle({ entries: { products: 'src/products.ts' }, outdir: 'dist/products' });
