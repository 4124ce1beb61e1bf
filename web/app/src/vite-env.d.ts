/// <reference types="vite/client" />

// Type declarations exist only for the package's other entries.
declare module 'swagger-ui-dist/swagger-ui-es-bundle' {
  import { SwaggerUIBundle } from 'swagger-ui-dist'
  export default SwaggerUIBundle
}

declare module 'swagger-ui-dist/oauth2-redirect.js'
