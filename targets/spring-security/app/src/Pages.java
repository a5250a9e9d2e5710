package app;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The site's own pages; /login and /logout are Spring Security's. Forms in, JSON out; which statuses mean what is in ../../app.yaml. */
@RestController
class Pages {
    private final Accounts accounts;

    Pages(Accounts accounts) {
        this.accounts = accounts;
    }

    @GetMapping("/whoami")
    Map<String, String> whoami(@AuthenticationPrincipal Account me) {
        return Map.of("user", me.name());
    }

    @PostMapping({"/signup", "/users"})
    ResponseEntity<Void> create(@RequestParam String user, @RequestParam String password) {
        return ResponseEntity.status(accounts.create(user, password, "user") ? HttpStatus.CREATED : HttpStatus.CONFLICT).build();
    }

    /** A new password ends the other sessions and renews the id of this one. */
    @PostMapping("/password")
    ResponseEntity<Void> changePassword(@AuthenticationPrincipal Account me, @RequestParam String current, @RequestParam("new") String password,
            HttpServletRequest request) {
        Account now = accounts.get(me.name());
        if (!me.equals(now) || !now.password().equals(current) || password.isEmpty()) {
            return ResponseEntity.status(HttpStatus.FORBIDDEN).build();
        }
        accounts.change(me.name(), a -> a.withPassword(password));
        accounts.end(me, request.getSession().getId());
        request.changeSessionId();
        return ResponseEntity.noContent().build();
    }

    @GetMapping("/note")
    Map<String, Object> readNote(HttpSession session) {
        Object text = session.getAttribute("note");
        return Map.of("text", text == null ? "" : text);
    }

    @PostMapping("/note")
    ResponseEntity<Void> note(HttpSession session, @RequestParam String text) {
        session.setAttribute("note", text);
        return ResponseEntity.noContent().build();
    }

    @GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
    String home(@AuthenticationPrincipal Account me, CsrfToken csrf) {
        return "<!doctype html><title>home</title>" + (me == null
                ? "<p><a id='sign-in' href='/login'>Sign in</a></p>"
                : "<p id='user'>" + me.name() + "</p><form id='sign-out' method='post' action='/logout'><input type='hidden' name='"
                        + csrf.getParameterName() + "' value='" + csrf.getToken() + "'><button>Sign out</button></form>");
    }
}
