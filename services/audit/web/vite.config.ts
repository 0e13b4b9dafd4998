import react from '@vitejs/plugin-react';
import {defineConfig} from 'vite';

export default defineConfig({
  plugins: [react()],
  // Served from the root of the audit service's own HTTP port; nothing is loaded from elsewhere.
  base: './',
  build: {chunkSizeWarningLimit: 1200, assetsInlineLimit: 0},
});
