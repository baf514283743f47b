"""The office's addresses."""

from __future__ import annotations

from django.urls import path

from portefeuille.web.office import addresses, enterprises, letters, queue, recognitions, release

urlpatterns = [
    path("", queue.queue, name="office"),
    path("/<int:number>", queue.case, name="case"),
    path("/zaken/<int:number>", addresses.case_of, name="case_of"),
    path("/erkenningen/<int:number>", recognitions.request_of, name="recognition_request"),
    path("/documenten/<int:number>", recognitions.document, name="recognition_document"),
    path("/brieven", letters.letters, name="letters"),
    path("/vrijgeven", release.find, name="release"),
    path("/vrijgeven/<int:number>", release.somebody, name="release_somebody"),
    path("/ondernemingen", enterprises.enterprises, name="enterprises"),
    path("/ondernemingen/<str:number>", enterprises.enterprise, name="enterprise"),
]
