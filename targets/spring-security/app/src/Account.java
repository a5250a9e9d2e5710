package app;

import java.util.Collection;
import java.util.List;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.userdetails.UserDetails;

/** One account, never changed: a change makes another with the same id. Equal by id, by which the registry knows whose a session is. */
record Account(long id, String name, String password, String role, boolean active) implements UserDetails {
    Account withPassword(String password) {
        return new Account(id, name, password, role, active);
    }

    Account withRole(String role) {
        return new Account(id, name, password, role, active);
    }

    Account withActive(boolean active) {
        return new Account(id, name, password, role, active);
    }

    @Override
    public Collection<? extends GrantedAuthority> getAuthorities() {
        return List.of(new SimpleGrantedAuthority("ROLE_" + role.toUpperCase()));
    }

    @Override
    public String getUsername() {
        return name;
    }

    /** How passwords are kept concerns no session, and a run signs in hundreds of times. */
    @Override
    public String getPassword() {
        return "{noop}" + password;
    }

    @Override
    public boolean isEnabled() {
        return active;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Account a && a.id == id;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id);
    }
}
