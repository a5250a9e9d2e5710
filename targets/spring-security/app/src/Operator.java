package app;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * What an operator does to accounts and sessions, below /_test/.
 *
 * <pre>POST /_test/NAME  {"user": name, ...}; 204, 404 no such account, 409 exists already</pre>
 */
@RestController
class Operator {
    private final Accounts accounts;
    private final Open open;

    Operator(Accounts accounts, Open open) {
        this.accounts = accounts;
        this.open = open;
    }

    @PostMapping("/_test/{name}")
    ResponseEntity<Void> act(@PathVariable String name, @RequestBody Map<String, String> in) {
        String user = in.get("user");
        if (name.equals("create")) {
            boolean made = accounts.create(user, in.get("password"), in.get("role"));
            return ResponseEntity.status(made ? HttpStatus.NO_CONTENT : HttpStatus.CONFLICT).build();
        }
        Account account = switch (name) {
            case "disable" -> accounts.change(user, a -> a.withActive(false));
            case "enable" -> accounts.change(user, a -> a.withActive(true));
            case "set_role" -> accounts.change(user, a -> a.withRole(in.get("role")));
            case "set_password" -> accounts.change(user, a -> a.withPassword(in.get("password")));
            case "delete" -> accounts.delete(user);
            case "revoke_all", "expire" -> accounts.get(user);
            default -> null;
        };
        if (account == null) {
            return ResponseEntity.notFound().build();
        }
        switch (name) {
            case "disable", "delete", "set_password", "revoke_all" -> accounts.end(account, null);
            case "expire" -> open.end(account);
        }
        return ResponseEntity.noContent().build();
    }

    /** The open sessions, so that they can come to their end like after half an hour of silence: the container ends them. */
    @Component
    static class Open implements HttpSessionListener {
        private final Map<HttpSession, Boolean> sessions = new ConcurrentHashMap<>();

        @Override
        public void sessionCreated(HttpSessionEvent e) {
            sessions.put(e.getSession(), true);
        }

        @Override
        public void sessionDestroyed(HttpSessionEvent e) {
            sessions.remove(e.getSession());
        }

        void end(Account account) {
            for (HttpSession s : sessions.keySet()) {
                try {
                    Object context = s.getAttribute("SPRING_SECURITY_CONTEXT");
                    if (context instanceof SecurityContext c && c.getAuthentication() != null && account.equals(c.getAuthentication().getPrincipal())) {
                        s.invalidate();
                    }
                } catch (IllegalStateException e) { // ended in the meantime
                    sessions.remove(s);
                }
            }
        }
    }
}
