/** The parts of the library's system that are used here; its types do not tell them. */
export interface SwaggerUISystem {
  initOAuth(options: Record<string, unknown>): void
  specActions: {
    changeParam(place: [string, string], name: string, where: string, value: string | string[], isXml: boolean): void
  }
  oas3Actions: {
    setRequestBodyValue(body: { value: string; pathMethod: [string, string] }): void
    setRetainRequestBodyValueFlag(flag: { value: boolean; pathMethod: [string, string] }): void
  }
}
