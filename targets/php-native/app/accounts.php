<?php
// The accounts, in one file that the worker processes share. Passwords are kept in clear: how they are kept concerns no
// session, and a run signs in hundreds of times.
declare(strict_types=1);

/** Calls $f with the table, by reference: {last: int, by_name: {name: account}}, while nobody else has it; returns what $f does. */
function with_accounts(callable $f): mixed
{
    $file = fopen(getenv('WORK') . '/accounts.json', 'c+');
    flock($file, LOCK_EX);
    $table = json_decode(stream_get_contents($file) ?: 'null', true) ?? ['last' => 0, 'by_name' => []];
    $before = $table;
    $result = $f($table);
    if ($table !== $before) {
        ftruncate($file, 0);
        rewind($file);
        fwrite($file, json_encode($table));
    }
    fclose($file); // and with that the lock
    return $result;
}

function account(string $name): ?array
{
    return with_accounts(fn(array &$t) => $t['by_name'][$name] ?? null);
}

/** Makes an account; false if the name is taken. */
function create(string $name, string $password, string $role = 'user'): bool
{
    return with_accounts(function (array &$t) use ($name, $password, $role) {
        if ($name === '' || $password === '' || isset($t['by_name'][$name])) {
            return false;
        }
        $t['by_name'][$name] = ['id' => ++$t['last'], 'name' => $name, 'password' => $password, 'role' => $role,
            'active' => true, 'generation' => 1];
        return true;
    });
}

/** Changes members of an account and returns it, null if there is none. A new password is a new generation: sessions hold it. */
function change(string $name, array $members): ?array
{
    return with_accounts(function (array &$t) use ($name, $members) {
        if (!isset($t['by_name'][$name])) {
            return null;
        }
        $members['generation'] = $t['by_name'][$name]['generation'] + (isset($members['password']) ? 1 : 0);
        return $t['by_name'][$name] = $members + $t['by_name'][$name];
    });
}

function delete(string $name): bool
{
    return with_accounts(function (array &$t) use ($name) {
        $there = isset($t['by_name'][$name]);
        unset($t['by_name'][$name]);
        return $there;
    });
}
