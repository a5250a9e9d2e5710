<?php
// What an operator does to accounts and sessions, below /_test/. Loopback only, as the whole site.
//
//   POST /_test/NAME      {"user": name, ...}; 204, 404 no such account, 409 exists already
//   GET  /_test/sessions  {"count": files in the session folder}
declare(strict_types=1);

function scaffold(string $name, array $in): void
{
    if ($name === 'sessions') {
        answer(['count' => count(session_files())]);
        return;
    }
    if ($name === 'create') {
        http_response_code(create($in['user'], $in['password'], $in['role']) ? 204 : 409);
        return;
    }
    $done = match ($name) {
        'disable' => change($in['user'], ['active' => false]),
        'enable' => change($in['user'], ['active' => true]),
        'set_role' => change($in['user'], ['role' => $in['role']]),
        'set_password' => change($in['user'], ['password' => $in['password']]),
        'delete' => delete($in['user']),
        'end_sessions' => account($in['user']) && end_sessions($in['user']),
        default => false,
    };
    http_response_code($done ? 204 : 404);
}

function session_files(): array
{
    return glob(session_save_path() . '/sess_*');
}

/** Deletes the files of an account's sessions. PHP itself has no expiry but that: whatever collects garbage deletes them. */
function end_sessions(string $user): bool
{
    foreach (session_files() as $file) {
        if (str_contains((string) @file_get_contents($file), 'user|' . serialize($user))) {
            @unlink($file);
        }
    }
    return true;
}
