package apikith

import (
	"net/http"
	"strconv"
	"strings"

	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/domain/trace"
	"kith/internal/edge/operation"
	"kith/internal/edge/respond"
	"kith/internal/edge/wire3"
)

func (a *API) requestOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/requests", ID: "getRequests", Group: groupRequests,
			Summary: "What was asked of the APIs, the newest first",
			Description: "The requests of the account's applications and users, and those that claim to be theirs. What the web app asks is not among them. " +
				"A page may be short, or empty, and still not be the last: go on as long as there is a link.",
			Scope: oauth.AccountRead, Privileges: may(account.AccountRead),
			Query: append(operation.Page(50, 500),
				operation.Parameter{Name: "client_id", Kind: operation.UID, Doc: "Only requests of this application."},
				operation.Parameter{Name: "status", Kind: operation.Word, Words: statuses, Doc: "Only requests that ended so: failed, of a class, or with a status."},
				operation.Parameter{Name: "error_code", Kind: operation.Text, Doc: "Only requests that were refused with this code."},
				operation.Parameter{Name: "method", Kind: operation.Word, Words: []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}, Doc: "Only requests with this method."},
				operation.Parameter{Name: "search", Kind: operation.Text, Doc: "Only requests with this in their path, their query, their code or cause, or their id."},
				operation.Parameter{Name: "after", Kind: operation.Instant, Doc: "Only requests that began then or later."},
				operation.Parameter{Name: "before", Kind: operation.Instant, Doc: "Only requests that began earlier."},
			),
			Answers: ok[requestPage]("A page of requests."),
			Serve:   a.requests,
		},
		{
			Method: http.MethodGet, Path: "/requests/{request_id}", ID: "getRequest", Group: groupRequests,
			Summary:     "One request, with why it failed",
			Description: "Bodies are kept of requests that failed, up to 16 KiB, and shown to users who may see contacts. Letters and digits of addresses, telephone numbers and secrets are asterisks in them.",
			Scope:       oauth.AccountRead, Privileges: may(account.AccountRead),
			Answers:  ok[openedRequest]("The request."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.request,
		},
	}
}

type requestPage struct {
	_        struct{}     `schema:"Requests" doc:"A page of requests."`
	Requests []logged     `json:"requests" doc:"The requests."`
	Links    *wire3.Links `json:"_links,omitempty" doc:"Where the list goes on; left out on the last page."`
}

type logged struct {
	_           struct{}     `schema:"Request" doc:"A request that has ended."`
	ID          string       `json:"request_id" format:"uuid" doc:"The request's id, as its answer bore it in Kith-Request-Id."`
	At          respond.Time `json:"at" doc:"When it began."`
	Took        float64      `json:"took_ms" doc:"How long it took, in milliseconds."`
	API         string       `json:"api" enum:"v1,v2,v3,kith,oauth" doc:"What was spoken to."`
	Method      string       `json:"method" doc:"The method."`
	Path        string       `json:"path" doc:"The path that was asked for."`
	Query       string       `json:"query,omitempty" doc:"What stood behind the question mark; secrets and addresses are asterisks."`
	Route       string       `json:"route,omitempty" doc:"The operation's path, with names in braces; left out where none matched."`
	Status      int          `json:"status" doc:"The status that was answered; 499 where the client went away before."`
	Code        string       `json:"error_code,omitempty" doc:"The code of the refusal."`
	Cause       string       `json:"cause,omitempty" doc:"Why it was refused, in words. Of credentials it says more than the answer did."`
	Client      string       `json:"client_id,omitempty" doc:"The application's client id, or API key."`
	Application string       `json:"application_name,omitempty" doc:"The application's name."`
	Username    string       `json:"username,omitempty" doc:"The user for whom was asked."`
	Via         string       `json:"via,omitempty" enum:"api,key" doc:"By what the caller was let in: a token of an application, or an access key."`
	Claimed     bool         `json:"unproven,omitempty" doc:"True where nothing proves that the request came from the application or user it names."`
	Address     string       `json:"network_address,omitempty" doc:"The client's network address."`
	Agent       string       `json:"user_agent,omitempty" doc:"What the client calls itself."`
	Sent        int64        `json:"request_bytes" doc:"The size of the request's body."`
	Answered    int64        `json:"answer_bytes" doc:"The size of the answer's body."`
}

type openedRequest struct {
	_ struct{} `schema:"OpenedRequest" doc:"A request with what is kept of its failure."`
	logged
	Body   *loggedBody   `json:"body,omitempty" doc:"The request's body."`
	Answer *loggedBody   `json:"answer,omitempty" doc:"What was answered."`
	Hidden bool          `json:"bodies_hidden,omitempty" doc:"True where bodies are kept that the caller may not see, since they may not see contacts."`
	Faults []loggedFault `json:"faults,omitempty" doc:"Each fault that was found, with where it lies in the body."`
	Remedy []string      `json:"remedy,omitempty" doc:"What to do, in paragraphs."`
	Help   string        `json:"help,omitempty" format:"uri" doc:"The page that explains the code."`
}

type loggedBody struct {
	_     struct{} `schema:"LoggedBody" doc:"A body without secrets and addresses."`
	Media string   `json:"media_type,omitempty" doc:"Its type, as it was sent."`
	Text  string   `json:"text" doc:"What it says."`
	Cut   bool     `json:"cut,omitempty" doc:"True where this is its beginning only."`
}

type loggedFault struct {
	_       struct{} `schema:"LoggedFault" doc:"A fault of a request."`
	Path    string   `json:"path,omitempty" doc:"The field."`
	Code    string   `json:"code,omitempty" doc:"A stable word for the fault."`
	Message string   `json:"message,omitempty" doc:"The fault in words."`
	Line    int      `json:"line,omitempty" doc:"The line of the body in which it lies, from 1; left out where that cannot be said."`
	Column  int      `json:"column,omitempty" doc:"The character of the line at which it begins, from 1."`
	Length  int      `json:"length,omitempty" doc:"How many characters long it is."`
}

func loggedOf(q trace.Request) logged {
	return logged{
		ID: q.UID.String(), At: respond.Time(q.At()), Took: float64(q.Took.Microseconds()) / 1000, API: q.API, Method: q.Method,
		Path: q.Path, Query: q.Query, Route: q.Route, Status: q.Status, Code: q.Code, Cause: q.Cause, Client: q.Application,
		Application: q.ApplicationName, Username: q.Username, Via: q.Via, Claimed: q.Claimed, Address: q.Address, Agent: q.Agent,
		Sent: max(q.In, 0), Answered: q.Out,
	}
}

func (a *API) requests(c *operation.Call) error {
	f := trace.Filter{
		Application: c.Text("client_id"), Code: c.Text("error_code"), Method: c.Text("method"), Search: c.Text("search"),
		Since: c.Instant("after"), Until: c.Instant("before"),
	}
	f.Least, f.Most, f.Failed = readStatus(c.Text("status"))
	of, err := a.o.Requests.List(c.Context(), c.Actor, f, c.Page())
	if err != nil {
		return err
	}
	answer := requestPage{Requests: make([]logged, len(of.Items)), Links: wire3.Next(c.Next(of.Next))}
	for i, q := range of.Items {
		answer.Requests[i] = loggedOf(q)
	}
	return c.JSON(http.StatusOK, answer)
}

// statuses are what a status may be asked for by.
var statuses = []string{
	"failed", "2xx", "3xx", "4xx", "5xx", "200", "201", "202", "204", "302",
	"400", "401", "403", "404", "405", "409", "410", "413", "415", "429", "499", "500", "501", "503",
}

// readStatus reads one of statuses, or nothing.
func readStatus(text string) (least, most int, failed bool) {
	if text == "failed" {
		return 0, 0, true
	}
	if class, whole := strings.CutSuffix(text, "xx"); whole {
		least = 100 * int(class[0]-'0')
		return least, least + 99, false
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, 0, false
	}
	return n, n, false
}

func (a *API) request(c *operation.Call) error {
	q, err := a.o.Requests.Get(c.Context(), c.Actor, c.UID("request_id"))
	if err != nil {
		return err
	}
	answer := openedRequest{logged: loggedOf(q.Request), Hidden: q.Hidden}
	if q.Code != "" {
		answer.Help, answer.Remedy = a.o.PublicURL+"/errors/"+q.Code, a.o.Remedy(q.Code)
	}
	if d := q.Detail; d != nil {
		answer.Body, answer.Answer = bodyOf(d.Body), bodyOf(d.Answer)
		for _, p := range d.Places() {
			answer.Faults = append(answer.Faults, loggedFault{
				Path: p.Path, Code: p.Code, Message: p.Message, Line: p.Line, Column: p.Column, Length: p.Length,
			})
		}
	}
	return c.JSON(http.StatusOK, answer)
}

func bodyOf(t trace.Text) *loggedBody {
	if t.Text == "" {
		return nil
	}
	return &loggedBody{Media: t.Media, Text: t.Text, Cut: t.Cut}
}
