import react from '@vitejs/plugin-react'
import { resolve } from 'node:path'
import { defineConfig } from 'vite'

// The app; the API reference, which is large and stands alone; and the page
// that its sign-in returns to.
// In development /v3, /kith and the server-rendered pages come from a server
// on its usual port.
const server = process.env.KITH_SERVER ?? 'http://localhost:8080'

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    assetsDir: 'assets',
    // The content policy of the pages allows no data: scripts or styles.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: {
        index: resolve(import.meta.dirname, 'index.html'),
        reference: resolve(import.meta.dirname, 'reference.html'),
        redirect: resolve(import.meta.dirname, 'reference/oauth2-redirect.html'),
      },
    },
  },
  server: {
    // Colours and the icon are shared with the pages that the server renders.
    fs: { allow: ['..'] },
    proxy: Object.fromEntries(
      ['/v3', '/kith', '/oauth2', '/login', '/logout', '/signup', '/reset', '/invite', '/errors', '/public', '/reference/config.json'].map((path) => [
        path,
        { target: server, changeOrigin: true },
      ]),
    ),
  },
})
