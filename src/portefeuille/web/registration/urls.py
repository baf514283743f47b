"""The addresses of registration, the enterprise's own data, its people and an office's clients."""

from __future__ import annotations

from django.urls import path

from portefeuille.web.registration import clients, invitation, people, profile, seen, start

urlpatterns = [
    path("registreren", start.register, name="register"),
    path("registreren/e-mail", start.email, name="register_email"),
    path("registreren/onderneming", start.enterprise, name="register_enterprise"),
    path("activeren", start.activate_page, name="activate"),
    path("uitnodiging/<str:reference>", invitation.accept, name="invitation"),
    path("mijn-onderneming", profile.profile, name="profile"),
    path("mijn-onderneming/inzage", seen.seen, name="seen"),
    path("mensen", people.people, name="people"),
    path("mensen/uitnodigen", people.invite_page, name="invite"),
    path("mensen/uitnodiging/<int:number>/intrekken", people.withdraw, name="withdraw_invitation"),
    path("mensen/<int:number>/beheerder", people.promote, name="make_administrator"),
    path("mensen/<int:number>/beeindigen", people.end, name="end_capacity"),
    path("mensen/mandaat", people.mandate, name="give_mandate"),
    path("mensen/mandaat/<int:number>/beeindigen", people.end_mandate_page, name="end_mandate"),
    path("klanten", clients.clients, name="clients"),
]
