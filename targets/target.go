// Package targets holds whom to test: one folder a system, with target files
// that say how to start it, what it promises and how each operation is done.
// It loads those files; it performs nothing except starting the target.
package targets

import (
	"time"

	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// Target is one target file, resolved to one release.
type Target struct {
	// Name is how reports call the target.
	Name string `yaml:"name,required" json:"name"`
	// Title is one line about it for the report.
	Title string `yaml:"title" json:"title,omitempty"`
	// Vars are variables of the file's own, used as ${name}; --set name=value overrides them.
	Vars map[string]string `yaml:"vars" json:"vars,omitempty"`
	// Releases are sets of variables to choose from by --target NAME@RELEASE.
	Releases map[string]Release `yaml:"releases" json:"releases,omitempty"`
	// DefaultRelease is the one taken where none is named.
	DefaultRelease string `yaml:"default_release" json:"default_release,omitempty"`
	// Setup is run to its end before the start, in the file's folder; exit 75 says "not available now".
	Setup *Command `yaml:"setup" json:"setup,omitempty"`
	// Launch is how the target is started; without it the target is running already.
	Launch *Command `yaml:"start" json:"start,omitempty"`
	// DrivenBy is the process that performs `drive:` steps, see docs/drivers.md.
	DrivenBy *DriverCommand `yaml:"driver" json:"driver,omitempty"`
	// Base is where the target answers, such as http://127.0.0.1:${port}.
	Base string `yaml:"base,required" json:"base"`
	// CA is a PEM file with the authority of an https target, relative to the file's folder.
	CA string `yaml:"ca" json:"ca,omitempty"`
	// Plain is where an https target answers without TLS, such as http://127.0.0.1:${plain_port}.
	Plain string `yaml:"plain" json:"plain,omitempty"`
	// StandIn plays the product where no server of it is given, that is where base comes out empty.
	StandIn *StandIn `yaml:"stand_in" json:"stand_in,omitempty"`
	// Baseline is a file beside this one that says what is known to fail, see docs/baselines.md.
	Baseline string `yaml:"baseline" json:"baseline,omitempty"`
	// Declares is what the target promises; what is not declared is judged by the strict default.
	Declares Declares `yaml:"declares" json:"declares,omitempty"`
	// Users are accounts that exist beforehand, by their role in stories.
	Users map[string]Account `yaml:"users" json:"users,omitempty"`
	// Provision makes the account ${user} with ${password} and ${role}; never judged.
	Provision Steps `yaml:"provision" json:"provision,omitempty"`
	// Operations say how each operation is done; whoami and sign_in are needed.
	Operations Operations `yaml:"operations,required" json:"operations"`
	// Clients are kinds of client besides the plain HTTP one, such as browser and cli.
	Clients map[string]ClientKind `yaml:"clients" json:"clients,omitempty"`
	// Claim is how a client believes to be signed in without asking.
	Claim *Claim `yaml:"claim" json:"claim,omitempty"`
	// Pages are the classes of page that a visit opens.
	Pages []Page    `yaml:"pages" json:"pages,omitempty"`
	Pos   yamlx.Pos `yaml:"-" json:"-"`

	// Release is the one resolved, "" where the file has none.
	Release string `yaml:"-" json:"-"`
	// Folder is the folder's name, File the file as shown to the user, Dir
	// where the folder is on disk (filled by Start for embedded targets).
	Folder string `yaml:"-" json:"-"`
	File   string `yaml:"-" json:"-"`
	Dir    string `yaml:"-" json:"-"`
	// Trusted targets (those that ship with sessionspec) may run commands
	// without --allow-exec.
	Trusted bool `yaml:"-" json:"-"`

	// Driver performs the `drive:` steps. Start makes one of `driver:` where nobody
	// has put another here.
	Driver Driver `yaml:"-" json:"-"`

	source Source
	where  []string // the variables that say where the real server is, if its stand-in is played
}

// Release is a named set of variables: which version, which configuration.
type Release struct {
	// Title says what is special about it.
	Title string `yaml:"title" json:"title,omitempty"`
	// Vars come over those of the file, and below --set.
	Vars map[string]string `yaml:"vars" json:"vars,omitempty"`
	// Without names operations of the file that this release does not have.
	Without []string `yaml:"without" json:"without,omitempty"`
}

// Command is a process of the target's own.
type Command struct {
	// Command is the program and its arguments; ./x is in the file's folder.
	Command []Template `yaml:"command,required" json:"command"`
	// Env are environment variables in addition to the harness's own.
	Env map[string]Template `yaml:"env" json:"env,omitempty"`
	// Ready is the request that answers below 500 once the target serves, such as GET /health.
	Ready string `yaml:"ready" json:"ready,omitempty"`
	// Timeout is how long it may take; 60s for start and 10m for setup unless given.
	Timeout time.Duration `yaml:"timeout" json:"timeout,omitempty"`
}

// DriverCommand is a process that performs the operations which steps leave to it by `drive`.
type DriverCommand struct {
	// Command is the program and its arguments; ./x is in the file's folder. Without it a program written in Go brings the driver.
	Command []Template `yaml:"command" json:"command,omitempty"`
	// Env are environment variables in addition to the harness's own.
	Env map[string]Template `yaml:"env" json:"env,omitempty"`
	// Timeout is how long one operation may take, with all its requests; 30s unless given.
	Timeout time.Duration `yaml:"timeout" json:"timeout,omitempty"`
	// Keeps names values that the driver keeps and other steps of the file use, as ${name}.
	Keeps []string `yaml:"keeps" json:"keeps,omitempty"`
}

// Account is one that exists beforehand.
type Account struct {
	User     Template `yaml:"user,required" json:"user"`
	Password Template `yaml:"password,required" json:"password"`
}

// Declares is what the target promises. What is not declared is judged by the
// strict default, and the report says "not declared".
type Declares struct {
	// ChangePassword says what a user's new password does to sessions.
	ChangePassword *PasswordChange `yaml:"change_password" json:"change_password,omitempty"`
	// ResetPassword says what a password set by somebody else does to sessions.
	ResetPassword *PasswordChange `yaml:"reset_password" json:"reset_password,omitempty"`
	// Disable says what switching an account off does to its sessions.
	Disable *Suspension `yaml:"disable" json:"disable,omitempty"`
	// AnonymousSessions says whether visitors have a session before they sign in.
	AnonymousSessions *bool `yaml:"anonymous_sessions" json:"anonymous_sessions,omitempty"`
	// Persistence says whether a session ends with the browser or survives its restart.
	Persistence string `yaml:"persistence,oneof=browser|persistent" json:"persistence,omitempty"`
	// AddressChange promises that a session goes on from a new source address.
	AddressChange string `yaml:"address_change,oneof=keep|end" json:"address_change,omitempty"`
	// SignOut says which sessions of the user a sign-out ends.
	SignOut *SignOutScope `yaml:"sign_out" json:"sign_out,omitempty"`
	// Revoke says what ending a session from a list asks for.
	Revoke *Revocation `yaml:"revoke" json:"revoke,omitempty"`
	// StepUp says what a step-up does to the credential.
	StepUp *StepUp `yaml:"step_up" json:"step_up,omitempty"`
	// Sessions says how many sessions an account may have at a time.
	Sessions *SessionLimit `yaml:"sessions" json:"sessions,omitempty"`
	// SignInAgain says what a sign-in does at a client that has a session.
	SignInAgain string `yaml:"sign_in_again,oneof=replaces|refused|adds" json:"sign_in_again,omitempty"`
	// Remember names the route of sign_in that also hands out a cookie which signs the client in again later.
	Remember string `yaml:"remember" json:"remember,omitempty"`
	// Refresh says what the exchange of a refresh credential does.
	Refresh *Refresh `yaml:"refresh" json:"refresh,omitempty"`
	// Channels says how soon open channels close after their session has ended.
	Channels *Channels `yaml:"channels" json:"channels,omitempty"`
	// Embedding says whether pages work in frames of other sites: with a session of their own for each pair of sites,
	// with the session of the top level where the browser allows it, or not at all.
	Embedding string `yaml:"embedding,oneof=partitioned|third_party|none" json:"embedding,omitempty"`
	// Without names operations and capabilities that the target does not have.
	Without []string `yaml:"without" json:"without,omitempty"`
}

// PasswordChange says what a new password does to sessions.
type PasswordChange struct {
	// Others are the other sessions of the account.
	Others string `yaml:"others,oneof=end|keep" json:"others,omitempty"`
	// Current is the session that changed the password.
	Current string `yaml:"current,oneof=keep|rotate|end" json:"current,omitempty"`
}

// Refresh says what the exchange of a refresh credential does.
type Refresh struct {
	// Rotate says whether every refresh brings a new refresh credential, and the old one is spent.
	Rotate *bool `yaml:"rotate" json:"rotate,omitempty"`
	// Grace is how long a spent one is still accepted, none unless given.
	Grace time.Duration `yaml:"grace" json:"grace,omitempty"`
	// Reuse of a spent one ends all that its sign-in has handed out, or is refused and nothing more.
	Reuse string `yaml:"reuse,oneof=end|refuse" json:"reuse,omitempty"`
}

// Channels says what becomes of sockets and event streams.
type Channels struct {
	// Close is how long a channel may still carry something after its session has ended; nothing at all unless given.
	Close time.Duration `yaml:"close,required" json:"close"`
}

// Suspension says what switching an account off does to its sessions.
type Suspension struct {
	// Sessions end for good, or are suspended: dead until the account is enabled again.
	Sessions string `yaml:"sessions,required,oneof=end|suspend" json:"sessions"`
}

// SignOutScope says which sessions of the user a sign-out ends.
type SignOutScope struct {
	// Scope is this session, or all sessions of the user.
	Scope string `yaml:"scope,required,oneof=this|all" json:"scope"`
}

// Revocation says what ending a session from a list asks for.
type Revocation struct {
	// Needs is nothing, the password (or another factor) every time, or that the last sign-in is fresh.
	Needs string `yaml:"needs,required,oneof=none|password|fresh" json:"needs"`
}

// StepUp says what a step-up does to the credential.
type StepUp struct {
	// Current is the credential from before: it goes on without the new right, or is replaced and dead.
	Current string `yaml:"current,required,oneof=keep|rotate" json:"current"`
}

// SessionLimit says how many sessions an account may have at a time.
type SessionLimit struct {
	// Limit is the number of sessions that may be live at a time.
	Limit int `yaml:"limit,required" json:"limit"`
	// AtLimit says what the sign-in beyond the limit does: it is refused, or ends the oldest session.
	AtLimit string `yaml:"at_limit,required,oneof=refuse|end_oldest" json:"at_limit"`
}

// ClientKind is a kind of client besides the plain wire one.
type ClientKind struct {
	// Operations override and extend those of the plain client.
	Operations Operations `yaml:"operations,required" json:"operations"`
	// Storage is what the client keeps on its own disk; it has to be clean after a sign-out.
	Storage *Storage `yaml:"storage" json:"storage,omitempty"`
}

// Storage is what a client keeps on its own disk between calls.
type Storage struct {
	// File is the path; ${home} is the client's home folder.
	File Template `yaml:"file,required" json:"file"`
	// Credential finds the credential in the file.
	Credential *Extractor `yaml:"credential,required" json:"credential"`
}

// Claim is how a client believes to be signed in without asking the server.
type Claim struct {
	// Cookie is the name of the cookie whose presence is the signal.
	Cookie string `yaml:"cookie,required" json:"cookie"`
}

// Page is one class of page; the selectors are CSS.
type Page struct {
	// Path is where the page is.
	Path Template `yaml:"path,required" json:"path"`
	// SignedIn is an element that only somebody signed in is shown.
	SignedIn string `yaml:"signed_in" json:"signed_in,omitempty"`
	// SignedOut is an element that only somebody not signed in is shown.
	SignedOut string `yaml:"signed_out" json:"signed_out,omitempty"`
	// SignOut is the control that signs out.
	SignOut string `yaml:"sign_out" json:"sign_out,omitempty"`
	// Ready is an element that appears once scripts have done their work.
	Ready string `yaml:"ready" json:"ready,omitempty"`
	// Until is a JavaScript condition that comes true once scripts have done their work, where no element shows it.
	Until string `yaml:"until" json:"until,omitempty"`
	// Script pages show the truth only where scripts run.
	Script bool `yaml:"script" json:"script,omitempty"`
}

// Capabilities that `declares.without` may name besides operations.
var capabilities = []string{"cli", "browser", "claim", "connection", "pages", "second_route", "remember", "acting_creation", "admin_creation", "session_limit"}
