package app;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.springframework.security.core.session.SessionInformation;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.stereotype.Service;

/** The accounts, in memory. */
@Service
class Accounts implements UserDetailsService {
    private final Map<String, Account> byName = new ConcurrentHashMap<>();
    private final AtomicLong last = new AtomicLong();
    private final SessionRegistry sessions;

    Accounts(SessionRegistry sessions) {
        this.sessions = sessions;
    }

    @Override
    public UserDetails loadUserByUsername(String name) {
        Account account = byName.get(name);
        if (account == null) {
            throw new UsernameNotFoundException(name);
        }
        return account;
    }

    /** Makes an account; false if the name is taken. */
    boolean create(String name, String password, String role) {
        return !name.isEmpty() && !password.isEmpty()
                && byName.putIfAbsent(name, new Account(last.incrementAndGet(), name, password, role, true)) == null;
    }

    /** Returns the account as it is now, null if there is none. */
    Account get(String name) {
        return byName.get(name);
    }

    /** Returns the changed account, null if there is none. */
    Account change(String name, UnaryOperator<Account> f) {
        return byName.computeIfPresent(name, (n, account) -> f.apply(account));
    }

    Account delete(String name) {
        return byName.remove(name);
    }

    /** Ends the sessions of the account but one, as the documentation of SessionRegistry shows. */
    void end(Account account, String but) {
        for (SessionInformation s : sessions.getAllSessions(account, false)) {
            if (!s.getSessionId().equals(but)) {
                s.expireNow();
            }
        }
    }
}
