<?php
// A small site on PHP's own sessions, as the manual says (chapters "Session Management Basics" and session_destroy).
// JSON in and out; which statuses mean what is in ../app.yaml. The session settings are in ../start.
declare(strict_types=1);

require __DIR__ . '/accounts.php';
require __DIR__ . '/scaffold.php';

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$in = json_decode(file_get_contents('php://input'), true) ?? [];
if (str_starts_with($path, '/_test/')) {
    scaffold(substr($path, strlen('/_test/')), $in); // in front of session_start: it cannot touch the session of a request
    return;
}

session_start();
$me = isset($_SESSION['user']) ? account($_SESSION['user']) : null;
if (!$me || $me['id'] !== $_SESSION['id'] || $me['generation'] !== $_SESSION['generation'] || !$me['active']) {
    $me = null;
}

match ($_SERVER['REQUEST_METHOD'] . ' ' . $path) {
    'POST /login' => login($in),
    'POST /logout' => logout(),
    'GET /whoami' => $me ? answer(['user' => $me['name'], 'role' => $me['role']]) : http_response_code(401),
    'POST /signup' => sign_up($in),
    'POST /users' => $me ? ($me['role'] === 'admin' ? sign_up($in) : http_response_code(403)) : http_response_code(401),
    'POST /password' => $me ? change_password($me, $in) : http_response_code(401),
    'GET /note' => $me ? answer(['text' => $_SESSION['note'] ?? '']) : http_response_code(401),
    'POST /note' => $me ? note($in) : http_response_code(401),
    'GET /' => home($me),
    default => http_response_code(404),
};

function answer(array $data): void
{
    header('Content-Type: application/json');
    echo json_encode($data);
}

function login(array $in): void
{
    $account = account($in['user'] ?? '');
    if (!$account || !$account['active'] || $account['password'] !== ($in['password'] ?? '')) {
        http_response_code(401);
        return;
    }
    remember($account);
    http_response_code(204);
}

/** Makes the session that of the account, under a new id; the old one is deleted. */
function remember(array $account): void
{
    session_regenerate_id(true);
    if (($_SESSION['id'] ?? null) !== $account['id']) {
        $_SESSION = [];
    }
    $_SESSION = ['user' => $account['name'], 'id' => $account['id'], 'generation' => $account['generation']] + $_SESSION;
    $_SESSION['generation'] = $account['generation'];
}

/** The manual's example for session_destroy, line by line. */
function logout(): void
{
    $_SESSION = [];
    $p = session_get_cookie_params();
    setcookie(session_name(), '', ['expires' => time() - 42000, 'path' => $p['path'], 'domain' => $p['domain'],
        'secure' => $p['secure'], 'httponly' => $p['httponly'], 'samesite' => $p['samesite']]);
    session_destroy();
    http_response_code(204);
}

function sign_up(array $in): void
{
    http_response_code(create($in['user'] ?? '', $in['password'] ?? '') ? 201 : 409);
}

function change_password(array $me, array $in): void
{
    if ($me['password'] !== ($in['current'] ?? '') || ($in['new'] ?? '') === '') {
        http_response_code(403);
        return;
    }
    remember(change($me['name'], ['password' => $in['new']]));
    http_response_code(204);
}

function note(array $in): void
{
    $_SESSION['note'] = $in['text'];
    http_response_code(204);
}

function home(?array $me): void
{
    echo '<!doctype html><title>home</title>', $me
        ? '<p id="user">' . htmlspecialchars($me['name']) . '</p><form id="sign-out" method="post" action="/logout"><button>Sign out</button></form>'
        : '<p id="sign-in">Signed out.</p>';
}
