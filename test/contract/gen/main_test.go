package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The committed facts are those of the Swagger file, where that is at hand.
func TestFactsAreInStep(t *testing.T) {
	swagger, err := find()
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("NOT CHECKED whether test/contract/v3.json is in step: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	again := filepath.Join(t.TempDir(), "v3.json")
	if err := run(swagger, again); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join("..", "v3.json"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(again)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("test/contract/v3.json is not what %s gives: run go generate ./test/contract", swagger)
	}
}

const small = `
swagger: "2.0"
info: {title: a title, version: "7", description: a long description}
paths:
  /lists/{list_id}:
    put:
      summary: says something
      consumes: [application/json]
      x-authorization-privileges: [lists:write]
      security: [{one: [b, a]}, {two: [a]}]
      parameters:
      - {name: list_id, in: path, required: true, type: string, format: uuid, description: prose}
      - {name: body, in: body, required: true, schema: {$ref: "#/definitions/List"}}
      responses:
        "209": {description: odd, schema: {$ref: "#/definitions/List"}}
        "404": {description: gone}
definitions:
  List:
    type: object
    title: prose
    required: [name]
    properties:
      name: {type: string, maxLength: 255, example: prose, description: prose}
      more: {type: object, additionalProperties: {$ref: "#/definitions/List"}}
`

func TestRead(t *testing.T) {
	t.Parallel()
	facts, err := read([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	got, err := encode(facts)
	if err != nil {
		t.Fatal(err)
	}
	want := `{
 "version":"7",
 "operations":[
  {
   "method":"PUT",
   "path":"/lists/{list_id}",
   "scopes":["a","b"],
   "schemes":["one","two"],
   "privileges":["lists:write"],
   "parameters":[{"name":"list_id","in":"path","required":true,"type":"string","format":"uuid"}],
   "body":{"required":true,"schema":{"$ref":"#/schemas/List"}},
   "answers":{"209":{"schema":{"$ref":"#/schemas/List"}}},
   "failures":["404"]}],
 "schemas":{
  "List":{
   "type":"object",
   "required":["name"],
   "properties":{
    "more":{"type":"object","additionalProperties":{"$ref":"#/schemas/List"}},
    "name":{"type":"string","maxLength":255}}}}}
`
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if _, err := read([]byte(strings.Replace(small, `"2.0"`, `"3.1"`, 1))); err == nil {
		t.Error("a document that is no Swagger 2.0 is taken")
	}
}
