# language: fr
Fonctionnalité: Les obligations de la loi que la charte suppose
  Formation à 16-18 ans, instruction avant 16 ans, confidentialité, référent déjà désigné.

  @engagement-obligations-legales
  Règle: De 16 à 18 ans, une solution est due

    Plan du scénario: La mission locale en est garante, avec le CIO
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est mission-locale-dreux
      Et l'agent est alerté par la règle alerte-obligation-formation
      Et l'étape 2 est cio-dreux

      Exemples:
        | personne                                         |
        | 16 ans, sans activité                             |
        | 17 ans, sans activité                             |
        | 17 ans, demandeur d'emploi                        |
        | 17 ans, sans activité, demande decouvrir-metiers   |
        | 17 ans, sans activité, demande numerique           |

    Plan du scénario: Hors de l'obligation
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors l'agent n'est pas alerté par la règle alerte-obligation-formation

      Exemples:
        | personne              |
        | 18 ans, sans activité |
        | 17 ans, apprenti      |
        | 17 ans, élève         |
        | 15 ans                |
        | 17 ans                |

  @engagement-obligations-legales
  Règle: Avant 16 ans, l'établissement et le CIO

    Plan du scénario: Ni mission locale ni France Travail avant 16 ans
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est cio-dreux
      Et mission-locale-dreux n'est pas proposée
      Et france-travail-dreux n'est pas proposée
      Et l'agent est alerté par la règle alerte-instruction-obligatoire

      Exemples:
        | personne                        |
        | 15 ans                          |
        | 15 ans, élève                   |
        | 14 ans, demande decouvrir-metiers |
        | 15 ans, demande faire-le-point  |

  @engagement-obligations-legales
  Règle: Une personne déjà suivie garde son référent

    Plan du scénario: Le référent d'abord, quel que soit le besoin
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <référent>
      Et l'agent est alerté par la règle <alerte>

      Exemples:
        | personne                                                           | référent                 | alerte                  |
        | 22 ans, demandeur d'emploi, suivi par france-travail, demande trouver-emploi | france-travail-dreux | referent-france-travail |
        | 22 ans, sans activité, suivi par mission-locale, demande trouver-emploi | mission-locale-dreux  | referent-mission-locale |
        | 40 ans, perçoit le RSA, suivi par departement, demande trouver-emploi | conseil-departemental-28 | referent-departement  |
        | 17 ans, suivi par pjj, demande raccrocher-formation                  | pjj-grand-centre         | referent-pjj            |
        | cadre, suivi par apec, demande trouver-emploi                        | apec-cvl                 | referent-apec           |
        | handicap reconnu, suivi par cap-emploi, demande trouver-emploi       | phare-28                 | referent-cap-emploi     |
        | salarié, suivi par avenir-actifs, demande se-reconvertir             | avenir-actifs-cvl        | referent-avenir-actifs  |

    Scénario: Sans référent, le département décide pour un bénéficiaire du RSA
      Étant donné la personne : 40 ans, sans activité, perçoit le RSA
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est conseil-departemental-28
      Et l'agent est alerté par la règle alerte-rsa-orientation

    Scénario: Un bénéficiaire du RSA déjà suivi n'est pas réorienté
      Étant donné la personne : 40 ans, perçoit le RSA, suivi par france-travail, demande trouver-emploi
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est france-travail-dreux
      Et l'agent n'est pas alerté par la règle alerte-rsa-orientation

    Scénario: Suivie ailleurs, la personne y est d'abord renvoyée
      Étant donné la personne : suivi par autre, demande trouver-emploi
      Quand l'agent demande vers qui l'orienter
      Alors l'agent est alerté par la règle alerte-autre-referent

  @engagement-obligations-legales
  Règle: Ce que l'agent doit dire

    Plan du scénario: Une alerte selon la situation
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors l'agent est alerté par la règle <alerte>

      Exemples:
        | personne                                               | alerte                          |
        | salarié, demande faire-le-point                         | alerte-confidentialite-employeur |
        | apprenti                                                | alerte-confidentialite-employeur |
        | salarié, demande se-reconvertir                         | alerte-bilan-de-competences      |
        | salarié, demande demissionner-pour-projet               | alerte-demission                 |
        | handicap reconnu                                        | alerte-accueil-handicap          |
        | demande savoirs-de-base                                 | alerte-langage-adapte            |
        | demandeur d'emploi, difficulté mobilite                 | alerte-difficultes               |
        | sans activité, perçoit le RSA                           | alerte-inscription-generalisee   |
        | 25 ans, sans activité                                   | alerte-dernier-anniversaire      |
        | demande savoirs-de-base                                 | alerte-illettrisme               |
        | demande numerique                                       | alerte-numerique-sans-offre      |
