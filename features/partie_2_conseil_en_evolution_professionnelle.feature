# language: fr
Fonctionnalité: Partie 2 — le conseil en évolution professionnelle (CEP)
  Le CEP est ouvert à tout actif ; chaque public a son opérateur ; le niveau suit le souhait et le besoin.

  @engagement-cep-beneficiaires
  Règle: Le CEP est ouvert à tout actif

    Plan du scénario: Droit au CEP selon la situation
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors le droit au CEP est : <droit>

      Exemples:
        | personne                                              | droit   |
        | salarié                                               | oui     |
        | apprenti                                              | oui     |
        | indépendant                                           | oui     |
        | agent public                                          | oui     |
        | fonction publique de l'État                           | oui     |
        | demandeur d'emploi                                    | oui     |
        | cherche un emploi                                     | oui     |
        | handicap reconnu                                      | oui     |
        | 18 ans, sans activité, sans diplôme                   | oui     |
        | sans activité, ne cherche pas d'emploi                | non     |
        | bénévole, ne cherche pas d'emploi                     | non     |
        | bénévole, salarié                                     | oui     |
        | rien n'est dit                                        | inconnu |
        | sans activité                                         | inconnu |

  @engagement-cep-etudiants-retraites
  Règle: Étudiants et retraités y ont droit s'ils occupent ou cherchent un emploi

    Plan du scénario: Aujourd'hui
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors le droit au CEP est : <droit>

      Exemples:
        | personne                          | droit   |
        | étudiant, salarié                 | oui     |
        | étudiant, cherche un emploi       | oui     |
        | étudiant, ne cherche pas d'emploi | non     |
        | étudiant                          | inconnu |
        | retraité, salarié                 | oui     |
        | retraité, cherche un emploi       | oui     |
        | retraité, ne cherche pas d'emploi | non     |
        | retraité                          | inconnu |

    Plan du scénario: Avant le cahier des charges de 2019, chercher un emploi ne suffisait pas
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter, le <date>
      Alors le droit au CEP est : <droit>

      Exemples:
        | personne                                   | date       | droit |
        | 66 ans, retraité, cherche un emploi, sans handicap | 2018-01-01 | non   |
        | 20 ans, étudiant, cherche un emploi, sans handicap | 2018-01-01 | non   |
        | 20 ans, étudiant, cherche un emploi        | 2018-01-01 | non   |
        | 20 ans, étudiant, handicap reconnu         | 2018-01-01 | oui   |
        | 63 ans, retraité, demandeur d'emploi       | 2018-06-01 | non   |
        | 20 ans, étudiant                           | 2019-03-28 | non   |
        | 20 ans, étudiant                           | 2019-03-29 | inconnu |
        | retraité, salarié                          | 2018-01-01 | oui   |
        | demandeur d'emploi                         | 2018-01-01 | oui   |
        | 66 ans, retraité, cherche un emploi, sans handicap | 2019-03-28 | non   |
        | 66 ans, retraité, cherche un emploi, sans handicap | 2019-03-29 | oui   |
        | 20 ans, étudiant, cherche un emploi, sans handicap | 2019-03-29 | oui   |

    Plan du scénario: La règle d'une date cède la place à la suivante le jour même
      Étant donné la personne : demandeur d'emploi
      Quand l'agent demande vers qui l'orienter, le <date>
      Alors la règle <présente> décrit la personne
      Et la règle <absente> ne décrit pas la personne

      Exemples:
        | date       | présente                 | absente                  |
        | 2019-03-28 | cep-recherche-avant-2019 | cep-recherche            |
        | 2019-03-29 | cep-recherche            | cep-recherche-avant-2019 |

  @engagement-cep-operateurs
  Règle: Chaque public a son opérateur

    Plan du scénario: L'opérateur compétent
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors les opérateurs du CEP sont : <opérateurs>

      Exemples:
        | personne                                                   | opérateurs                     |
        | 26 ans, demandeur d'emploi, non cadre, sans handicap        | france-travail-dreux           |
        | demandeur d'emploi                                          | france-travail-dreux           |
        | agent public, salarié, position disponibilite               | avenir-actifs-cvl              |
        | agent public, salarié, cadre, position disponibilite        | apec-cvl                       |
        | 25 ans, demandeur d'emploi                                  | mission-locale-dreux           |
        | 16 ans, sans activité                                       | mission-locale-dreux           |
        | 19 ans, sans activité, sans diplôme                         | mission-locale-dreux           |
        | 27 ans, handicap reconnu, demandeur d'emploi, demande contrat-engagement-jeune | mission-locale-dreux et phare-28 |
        | 40 ans, demandeur d'emploi, handicap reconnu                | phare-28                       |
        | salarié, cadre                                              | apec-cvl                       |
        | 45 ans, demandeur d'emploi, cadre                           | apec-cvl                       |
        | 27 ans, demandeur d'emploi, bac + 5                         | apec-cvl                       |
        | 23 ans, demandeur d'emploi, bac + 5                         | apec-cvl et mission-locale-dreux |
        | salarié, non cadre                                          | avenir-actifs-cvl              |
        | apprenti                                                    | avenir-actifs-cvl              |
        | indépendant                                                 | avenir-actifs-cvl              |
        | fonction publique de l'État                                 | cmc-ministere                  |
        | fonction publique territoriale, catégorie A+                | cnfpt                          |
        | fonction publique territoriale, catégorie A                 | cdg-28                         |
        | fonction publique territoriale, catégorie C                 | cdg-28                         |
        | fonction publique hospitalière                              | anfh                           |
        | agent public, salarié                                       | aucun                          |
        | étudiant, salarié                                           | avenir-actifs-cvl              |
        | retraité, salarié, cadre                                    | apec-cvl                       |
        | 20 ans, étudiant, cherche un emploi                         | mission-locale-dreux           |
        | 66 ans, retraité, cherche un emploi                         | france-travail-dreux           |
        | 40 ans, sans activité, ne cherche pas d'emploi              | aucun                          |
        | salarié, cadre, handicap reconnu                            | apec-cvl et phare-28           |
        | salarié, non cadre, handicap reconnu                        | avenir-actifs-cvl et phare-28  |
        | 20 ans, salarié, non cadre                                  | avenir-actifs-cvl              |

    Plan du scénario: Deux portes légitimes, le besoin départage et les deux restent visibles
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <première>
      Et <autre> est aussi proposée

      Exemples:
        | personne                                                            | première             | autre             |
        | salarié, cadre, handicap reconnu, demande se-reconvertir             | apec-cvl             | phare-28          |
        | salarié, cadre, handicap reconnu, demande trouver-emploi             | apec-cvl             | phare-28          |
        | salarié, non cadre, handicap reconnu, demande se-reconvertir         | avenir-actifs-cvl    | phare-28          |
        | 20 ans, salarié, non cadre, demande faire-le-point                   | avenir-actifs-cvl    | mission-locale-dreux |
        | 20 ans, salarié, non cadre, demande faire-le-point, difficulté logement | mission-locale-dreux | avenir-actifs-cvl |
        | 23 ans, demandeur d'emploi, bac + 5, demande trouver-emploi          | apec-cvl             | mission-locale-dreux |
        | 24 ans, demandeur d'emploi, cadre, demande trouver-emploi            | apec-cvl             | mission-locale-dreux |
        | 23 ans, demandeur d'emploi, bac + 5, demande trouver-emploi, difficulté logement | mission-locale-dreux | apec-cvl |

    Plan du scénario: Le maintien dans l'emploi va à Cap emploi, cadre ou non
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est phare-28

      Exemples:
        | personne                                                      |
        | salarié, cadre, handicap reconnu, demande maintien-emploi      |
        | salarié, non cadre, handicap reconnu, demande maintien-emploi  |
        | salarié, demande maintien-emploi                               |

    Scénario: Une personne sans emploi ni recherche garde droit à l'accueil du réseau
      Étant donné la personne : 40 ans, sans activité, ne cherche pas d'emploi
      Quand l'agent demande vers qui l'orienter
      Alors le droit au CEP est : non
      Et la première structure est m2end

  @engagement-niveaux
  Règle: Le niveau suit le souhait et le besoin, sans suite imposée

    Plan du scénario: Niveau selon le souhait et le besoin
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors le niveau est : <niveau>

      Exemples:
        | personne                                              | niveau          |
        | rien n'est dit                                        | premier-accueil |
        | demande decouvrir-metiers                             | information     |
        | demande valider-acquis                                | conseil         |
        | demande trouver-emploi                                | accompagnement  |
        | demande se-reconvertir                                | accompagnement  |
        | demande se-reconvertir, souhaite une information      | information     |
        | demande se-reconvertir, souhaite un conseil           | conseil         |
        | demande decouvrir-metiers, souhaite un accompagnement | accompagnement  |
        | souhaite un accompagnement                            | accompagnement  |

    Scénario: Un accompagnement s'obtient d'emblée, sans passer par une information
      Étant donné la personne : 40 ans, demandeur d'emploi, demande trouver-emploi, souhaite un accompagnement
      Quand l'agent demande vers qui l'orienter
      Alors le premier service est france-travail-dreux-accompagnement

  @engagement-promotion-cep
  Règle: Le CEP est porté à la connaissance des salariés

    Plan du scénario: On parle du CEP à un salarié venu pour autre chose
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors l'agent est alerté par la règle alerte-faire-connaitre-cep

      Exemples:
        | personne                               |
        | salarié, demande mobilite-internationale |
        | indépendant, demande s-engager         |

    Scénario: Inutile quand la demande est déjà celle du CEP
      Étant donné la personne : salarié, demande faire-le-point
      Quand l'agent demande vers qui l'orienter
      Alors l'agent n'est pas alerté par la règle alerte-faire-connaitre-cep
