// Hands the answer of the authorize page to the window that asked for it.
import 'swagger-ui-dist/oauth2-redirect.js'
